"""Who may not be in a workspace for now."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from fechatter import access
from fechatter.errors import Forbidden
from fechatter.models import User, WorkspaceSuspension
from fechatter.permissions import can_moderate
from fechatter.shapes import Shape, rfc3339


def suspensions(session: Session, user_id: int, workspace_id: int, after: int, limit: int) -> list[Shape]:
    """By user id, those behind `after`. Raises NotFound, Forbidden."""
    if not can_moderate(access.workspace_for(session, user_id, workspace_id).member.role):
        raise Forbidden
    later = _of(workspace_id).where(WorkspaceSuspension.user_id > after).order_by(WorkspaceSuspension.user_id)
    return [_shape(suspension, name) for suspension, name in session.execute(later.limit(limit))]


def suspension_of(session: Session, workspace_id: int, user_id: int) -> Shape:
    """One of them, for whoever has just made it."""
    return _shape(*session.execute(_of(workspace_id).where(WorkspaceSuspension.user_id == user_id)).one())


def _of(workspace_id: int) -> Select[WorkspaceSuspension, str]:
    named = select(WorkspaceSuspension, User.name).join(User, User.id == WorkspaceSuspension.user_id)
    return named.where(WorkspaceSuspension.workspace_id == workspace_id)


def _shape(suspension: WorkspaceSuspension, name: str) -> Shape:
    """`role` is what the person will be again, None for who was none any more."""
    return {
        "user_id": suspension.user_id,
        "name": name,
        "role": suspension.role,
        "reason": suspension.reason,
        "suspended_by": suspension.suspended_by,
        "suspended_at": rfc3339(suspension.suspended_at),
    }
