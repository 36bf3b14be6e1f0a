"""Joining and leaving chats, adding and removing people, and their roles."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fechatter import access, outbox
from fechatter.actions.memberships import begin_memberships, end_memberships, refuse_blocked
from fechatter.audit import record_chat_act
from fechatter.errors import Conflict, Forbidden, Invalid, NotFound
from fechatter.events import MemberUpdated, chat_facts
from fechatter.locks import hold_members
from fechatter.models import CHANNELS, Chat, ChatMember
from fechatter.permissions import can_add_people, can_change_role, can_join, can_leave, can_remove


def join_chat(session: Session, user_id: int, chat_id: int) -> access.Seat:
    """Enters a public channel of one's workspace; who finds it empty becomes its owner. Being in it changes nothing.

    Raises NotFound, Forbidden, Conflict (too_many_chats).
    """
    workspace_id = access.chat_for(session, user_id, chat_id).chat.workspace_id
    hold_members(session, workspace_id, [user_id])
    seat = access.chat_for(session, user_id, chat_id, lock=True)
    if not can_join(seat.standing):
        raise Forbidden
    if seat.member is None:
        role = "member" if seat.chat.member_count else "owner"
        begin_memberships(session, seat.chat, {user_id: role}, user_id, "user_ids")
    return access.chat_for(session, user_id, chat_id)


def add_members(session: Session, user_id: int, chat_id: int, user_ids: Collection[int]) -> Chat:
    """Adds people of the workspace; who is in already stays as it is. Raises NotFound, Forbidden, Invalid."""
    workspace_id = access.chat_for(session, user_id, chat_id).chat.workspace_id
    present = hold_members(session, workspace_id, user_ids)
    seat = access.chat_for(session, user_id, chat_id, lock=True)
    if not can_add_people(seat.standing):
        raise Forbidden
    if missing := set(user_ids) - present:
        raise Invalid({"user_ids": [f"{other} is not in this workspace." for other in sorted(missing)]})
    members = select(ChatMember.user_id).where(ChatMember.chat_id == chat_id, ChatMember.user_id.in_(user_ids))
    if new := present - set(session.scalars(members)):
        refuse_blocked(session, user_id, new, "user_ids")
        begin_memberships(session, seat.chat, dict.fromkeys(new, "member"), user_id, "user_ids")
        record_chat_act(session, "chat.members_added", user_id, seat.chat, user_ids=sorted(new))
    return seat.chat


def leave_chat(session: Session, user_id: int, chat_id: int) -> None:
    """Raises NotFound, Forbidden (a single, or not in it), Conflict (last_owner of a channel)."""
    seat = access.chat_for(session, user_id, chat_id, lock=True)
    if seat.member is None or not can_leave(seat.standing):
        raise Forbidden
    if seat.chat.type in CHANNELS:
        _keep_an_owner(session, seat.member)
    end_memberships(session, [seat.chat], user_id, actor_id=user_id)


def remove_member(session: Session, user_id: int, chat_id: int, other_id: int) -> None:
    """Removes another person; oneself leaves. Raises NotFound, Forbidden, Conflict."""
    if other_id == user_id:
        return leave_chat(session, user_id, chat_id)
    seat = access.chat_for(session, user_id, chat_id, lock=True)
    other = _member(session, chat_id, other_id)
    if not can_remove(seat.standing, other.role if other else "member"):
        raise Forbidden
    if other is None:
        raise NotFound
    end_memberships(session, [seat.chat], other_id, actor_id=user_id)
    record_chat_act(session, "chat.member_removed", user_id, seat.chat, ("user", other_id))


def change_member_role(session: Session, user_id: int, chat_id: int, other_id: int, role: str) -> None:
    """Raises NotFound, Forbidden, Conflict (last_owner)."""
    seat = access.chat_for(session, user_id, chat_id, lock=True)
    other = _member(session, chat_id, other_id)
    if not can_change_role(seat.standing, role, oneself=user_id == other_id):
        raise Forbidden
    if other is None:
        raise NotFound
    if role == other.role:
        return
    _keep_an_owner(session, other)
    record_chat_act(session, "chat.role_changed", user_id, seat.chat, ("user", other_id), before=other.role, role=role)
    other.role = role
    outbox.freshen_lists(session, other_id)
    facts, count = chat_facts(seat.chat), seat.chat.member_count
    outbox.record(session, MemberUpdated(**facts, actor_id=user_id, user_id=other_id, role=role, member_count=count))


def _member(session: Session, chat_id: int, user_id: int) -> ChatMember | None:
    return session.get(ChatMember, (chat_id, user_id), populate_existing=True)


def _keep_an_owner(session: Session, member: ChatMember) -> None:
    """Raises Conflict if this is the only owner."""
    owners = select(func.count()).where(ChatMember.chat_id == member.chat_id, ChatMember.role == "owner")
    if member.role == "owner" and session.scalar(owners) == 1:
        raise Conflict("last_owner", "The last owner has to make someone else an owner first.")
