"""Reporting a message to those who look after the workspace, and settling that."""

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from fechatter import access
from fechatter.audit import record_act
from fechatter.errors import Conflict, Forbidden, NotFound
from fechatter.locks import hold_members
from fechatter.models import Report
from fechatter.permissions import can_moderate, can_read


def report_message(session: Session, user_id: int, message_id: int, reason: str) -> tuple[Report, bool]:
    """The report with a copy of the text, and whether it is new: each reader has one of each message.

    Raises NotFound, Forbidden, Conflict (message_deleted).
    """
    # Its deletion takes the text out of the reports of it, so it must not come while one is made.
    message, seat = access.message_for(session, user_id, message_id, lock=True)
    if not can_read(seat.standing):
        raise Forbidden
    if message.deleted_at is not None:
        raise Conflict("message_deleted", "The message has been deleted.")
    workspace_id = seat.chat.workspace_id
    row = insert(Report).values(
        workspace_id=workspace_id,
        chat_id=message.chat_id,
        message_id=message.id,
        author_id=message.sender_id,
        content=message.content,
        reporter_id=user_id,
        reason=reason,
    )
    once = row.on_conflict_do_nothing(constraint="reports_once").returning(Report)
    report = session.scalars(once).one_or_none()
    if report is None:
        mine = select(Report).where(Report.message_id == message.id, Report.reporter_id == user_id)
        return session.scalars(mine).one(), False
    record_act(session, "report.made", user_id, workspace_id=workspace_id, target=("report", report.id))
    return report, True


def settle_report(session: Session, user_id: int, workspace_id: int, report_id: int, resolved: bool) -> Report:
    """Resolves it, or opens it again; what is so already stays as it is. Raises NotFound, Forbidden."""
    access.workspace_for(session, user_id, workspace_id)  # a stranger holds nobody up
    hold_members(session, workspace_id, [user_id])
    if not can_moderate(access.workspace_for(session, user_id, workspace_id).member.role):
        raise Forbidden
    its_own = select(Report).where(Report.id == report_id, Report.workspace_id == workspace_id)
    report = session.scalars(
        its_own.with_for_update(key_share=True).execution_options(populate_existing=True)
    ).one_or_none()
    if report is None:
        raise NotFound
    if resolved != (report.resolved_at is not None):
        report.resolved_at = session.scalar(select(func.clock_timestamp())) if resolved else None
        report.resolved_by = user_id if resolved else None
        session.flush()
        action = "report.resolved" if resolved else "report.reopened"
        record_act(session, action, user_id, workspace_id=workspace_id, target=("report", report.id))
    return report
