"""The messages of a workspace that were reported."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from fechatter import access
from fechatter.errors import Forbidden
from fechatter.models import Report
from fechatter.permissions import can_moderate
from fechatter.shapes import Shape, maybe_rfc3339, rfc3339


def reports(
    session: Session, user_id: int, workspace_id: int, resolved: bool | None, before: int, limit: int
) -> list[Shape]:
    """Newest first, those below the id `before`; `resolved` None is all of them. Raises NotFound, Forbidden."""
    if not can_moderate(access.workspace_for(session, user_id, workspace_id).member.role):
        raise Forbidden
    rows = select(Report).where(Report.workspace_id == workspace_id, Report.id < before)
    if resolved is not None:
        rows = rows.where(Report.resolved_at.is_not(None) if resolved else Report.resolved_at.is_(None))
    return [report_shape(report) for report in session.scalars(rows.order_by(Report.id.desc()).limit(limit))]


def report_shape(report: Report) -> Shape:
    """`content` is None once the message is deleted."""
    return {
        "id": report.id,
        "workspace_id": report.workspace_id,
        "chat_id": report.chat_id,
        "message_id": report.message_id,
        "author_id": report.author_id,
        "content": report.content,
        "reporter_id": report.reporter_id,
        "reason": report.reason,
        "created_at": rfc3339(report.created_at),
        "resolved_at": maybe_rfc3339(report.resolved_at),
        "resolved_by": report.resolved_by,
    }
