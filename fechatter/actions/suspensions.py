"""Putting people out of a workspace until further notice, and letting them in again."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from sqlalchemy import select
from sqlalchemy.orm import Session

from fechatter import access
from fechatter.actions.memberships import begin_memberships
from fechatter.actions.workspace_members import enter_workspace, put_out
from fechatter.audit import record_act
from fechatter.errors import Forbidden, Invalid, NotFound
from fechatter.models import Chat, Workspace, WorkspaceDeparture, WorkspaceMember, WorkspaceSuspension
from fechatter.permissions import can_moderate, can_suspend


def suspend(
    session: Session, user_id: int, workspace_id: int, other_id: int, reason: str = ""
) -> tuple[WorkspaceSuspension, bool]:
    """The suspension, and whether it is new: a removal that keeps what was taken, and lets no invitation undo it. Also
    of who has left or was removed of late, to whom only the latter matters. Raises NotFound, Forbidden.
    """
    place = access.workspace_for(session, user_id, workspace_id, lock=True)
    if not can_moderate(place.member.role):
        raise Forbidden
    if standing := _standing(session, workspace_id, other_id):
        return standing, False
    member = session.get(WorkspaceMember, (workspace_id, other_id), populate_existing=True)
    if member is None and session.get(WorkspaceDeparture, (workspace_id, other_id)) is None:
        raise NotFound
    role = member.role if member else None
    if not can_suspend(place.member.role, role):
        raise Forbidden
    seats = put_out(session, place.workspace, member, user_id) if member else {}
    suspension = WorkspaceSuspension(
        workspace_id=workspace_id,
        user_id=other_id,
        role=role,
        chats=[[chat_id, seats[chat_id]] for chat_id in sorted(seats)],
        reason=reason,
        suspended_by=user_id,
    )
    session.add(suspension)
    session.flush()
    record_act(session, "member.suspended", user_id, workspace_id=workspace_id, target=("user", other_id), role=role)
    return suspension, True


def unsuspend(session: Session, user_id: int, workspace_id: int, other_id: int) -> None:
    """Who was a member is one again, in those chats that still stand; a single is joined again by asking for it. Who
    was none can be invited. Raises NotFound, Forbidden."""
    place = access.workspace_for(session, user_id, workspace_id, lock=True)
    suspension = _standing(session, workspace_id, other_id)
    if suspension is None:
        raise NotFound if can_moderate(place.member.role) else Forbidden
    if not can_suspend(place.member.role, suspension.role):
        raise Forbidden
    session.delete(suspension)
    session.flush()
    if suspension.role is not None:
        _let_in(session, place.workspace, suspension, user_id)
    record_act(session, "member.unsuspended", user_id, workspace_id=workspace_id, target=("user", other_id))


def _standing(session: Session, workspace_id: int, user_id: int) -> WorkspaceSuspension | None:
    return session.get(WorkspaceSuspension, (workspace_id, user_id), populate_existing=True)


def _let_in(session: Session, workspace: Workspace, suspension: WorkspaceSuspension, actor_id: int) -> None:
    roles: Mapping[int, str] = dict(suspension.chats)
    # Before the person's own row, which entering the workspace locks.
    chats = _lock_chats(session, workspace.id, list(roles))
    enter_workspace(session, workspace, suspension.user_id, suspension.role or "member", actor_id)
    for chat in chats:
        # Who finds a channel empty is its owner, as one who joins it is.
        role = roles[chat.id] if chat.member_count else "owner"
        with suppress(Invalid):  # of who is in too many chats by now
            begin_memberships(session, chat, {suspension.user_id: role}, actor_id, "user_id")


def _lock_chats(session: Session, workspace_id: int, chat_ids: Sequence[int]) -> Sequence[Chat]:
    chats = (
        select(Chat)
        .where(Chat.workspace_id == workspace_id, Chat.id.in_(chat_ids), Chat.deleted_at.is_(None))
        .where(Chat.type != "single")
        .order_by(Chat.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return session.scalars(chats).all()
