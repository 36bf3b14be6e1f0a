"""Entering a workspace, changing roles in it, leaving it or being removed from it."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from fechatter import access, outbox
from fechatter.actions.memberships import end_memberships
from fechatter.audit import record_act
from fechatter.errors import Conflict, Forbidden, NotFound
from fechatter.events import WorkspaceMemberAdded, WorkspaceMemberRemoved, WorkspaceMemberUpdated
from fechatter.models import Chat, ChatMember, Workspace, WorkspaceDeparture, WorkspaceMember
from fechatter.permissions import RULERS, can_change_workspace_role, can_lower_oneself, can_remove_from_workspace

MOST_WORKSPACES = 100
"""That one person may enter; who is let in again after a suspension may be in more."""


def enter_workspace(
    session: Session, workspace: Workspace, user_id: int, role: str, actor_id: int | None = None
) -> WorkspaceMember:
    """Makes this person a member, by its own doing unless there is an `actor_id`; the caller holds the workspace's row.

    Raises Conflict (too_many_workspaces) by its own doing alone: in how many it is elsewhere is not for others to know.
    """
    # The person's own row is the last lock, so the count behind it sees every other entry of that person.
    outbox.freshen_lists(session, user_id)
    if actor_id is None and _count_workspaces(session, user_id) >= MOST_WORKSPACES:
        raise Conflict("too_many_workspaces", f"A person can be in {MOST_WORKSPACES} workspaces at most.")
    actor_id = actor_id or user_id
    workspace.member_count += 1
    event = WorkspaceMemberAdded(
        workspace_id=workspace.id, actor_id=actor_id, to_user=user_id, user_id=user_id, role=role
    )
    since = outbox.record(session, event)
    public_since = None if role == "guest" else since
    member = WorkspaceMember(
        workspace_id=workspace.id, user_id=user_id, role=role, since=since, public_since=public_since
    )
    session.add(member)
    outbox.record_user_change(session, user_id, "workspace_joined")
    session.flush()
    record_act(session, "member.joined", actor_id, workspace_id=workspace.id, target=("user", user_id), role=role)
    return member


def _count_workspaces(session: Session, user_id: int) -> int:
    mine = (
        select(func.count())
        .select_from(WorkspaceMember)
        .join(Workspace, Workspace.id == WorkspaceMember.workspace_id)
        .where(WorkspaceMember.user_id == user_id, Workspace.deleted_at.is_(None))
    )
    return session.scalar(mine) or 0


def change_workspace_role(session: Session, user_id: int, workspace_id: int, other_id: int, role: str) -> None:
    """Another's role, or one's own to something less. Raises NotFound, Forbidden, Conflict (last_owner)."""
    place = access.workspace_for(session, user_id, workspace_id, lock=True)
    other = _other(session, place, other_id)
    if role == other.role and (user_id == other_id or place.member.role == "owner"):
        return
    allowed = (
        can_lower_oneself(place.member.role, role)
        if user_id == other_id
        else can_change_workspace_role(place.member.role, other.role, role)
    )
    if not allowed:
        raise Forbidden
    if role == other.role:
        return
    _keep_an_owner(session, other)
    _record(session, "member.role_changed", user_id, other, before=other.role, role=role)
    other.role = role
    # The cached list of who becomes a guest must not go on; and the row is locked before the outbox is written.
    outbox.freshen_lists(session, other_id)
    facts = {"workspace_id": workspace_id, "actor_id": user_id, "to_user": other_id, "user_id": other_id}
    at = outbox.record(session, WorkspaceMemberUpdated(**facts, role=role))
    if role == "guest":
        other.public_since, other.public_until = None, at
    else:
        other.public_since = other.public_since or at


def remove_from_workspace(session: Session, user_id: int, workspace_id: int, other_id: int) -> None:
    """Removes another person, or leaves; all memberships of its chats end with it.

    Raises NotFound, Forbidden, Conflict (last_owner).
    """
    place = access.workspace_for(session, user_id, workspace_id, lock=True)
    other = _other(session, place, other_id)
    if user_id != other_id and not can_remove_from_workspace(place.member.role, other.role):
        raise Forbidden
    _keep_an_owner(session, other)
    put_out(session, place.workspace, other, user_id)
    _record(session, "member.left" if user_id == other_id else "member.removed", user_id, other, role=other.role)


def put_out(session: Session, workspace: Workspace, member: WorkspaceMember, actor_id: int) -> dict[int, str]:
    """Ends this membership and those of the workspace's chats, whose ids it returns with the person's roles in them.
    The caller holds the workspace's row."""
    user_id = member.user_id
    # Waits for whoever holds this row to put the person into a chat; the chats are looked up behind that.
    session.delete(member)
    session.flush()
    roles = end_memberships(session, _chats_of(session, workspace.id, user_id), user_id, actor_id)
    workspace.member_count -= 1
    facts = {"workspace_id": workspace.id, "actor_id": actor_id, "to_user": user_id, "user_id": user_id}
    until = outbox.record(session, WorkspaceMemberRemoved(**facts, role=None))
    _keep_departure(session, workspace.id, user_id, until)
    return roles


def _record(session: Session, action: str, actor_id: int, member: WorkspaceMember, **details: Any) -> None:
    record_act(session, action, actor_id, workspace_id=member.workspace_id, target=("user", member.user_id), **details)


def _other(session: Session, place: access.Place, other_id: int) -> WorkspaceMember:
    """The member that something is done to; who may do nothing to anybody learns not even who is there."""
    other = session.get(WorkspaceMember, (place.workspace.id, other_id), populate_existing=True)
    if other is None:
        raise NotFound if place.member.role in RULERS else Forbidden
    return other


def _chats_of(session: Session, workspace_id: int, user_id: int) -> list[Chat]:
    """Locked in order of their ids."""
    mine = select(ChatMember.chat_id).where(ChatMember.user_id == user_id)
    chats = (
        select(Chat)
        .where(Chat.workspace_id == workspace_id, Chat.deleted_at.is_(None), Chat.id.in_(mine))
        .order_by(Chat.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(chats))


def _keep_an_owner(session: Session, member: WorkspaceMember) -> None:
    """Raises Conflict if this is the only owner."""
    owners = select(func.count()).where(
        WorkspaceMember.workspace_id == member.workspace_id, WorkspaceMember.role == "owner"
    )
    if member.role == "owner" and session.scalar(owners) == 1:
        raise Conflict("last_owner", "The last owner has to make someone else an owner first.")


def _keep_departure(session: Session, workspace_id: int, user_id: int, until: int) -> None:
    row = insert(WorkspaceDeparture).values(workspace_id=workspace_id, user_id=user_id, until=until)
    session.execute(
        row.on_conflict_do_update(
            index_elements=["workspace_id", "user_id"], set_={"until": until, "left_at": func.now()}
        )
    )
