"""Who is in a workspace or a chat, with what the others may see of a person."""

from collections.abc import Collection

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from fechatter import access
from fechatter.models import ChatMember, User, WorkspaceMember
from fechatter.shapes import Shape, rfc3339


def workspace_members(session: Session, user_id: int, workspace_id: int, after: int, limit: int) -> list[Shape]:
    """By user id, those behind `after`. Raises NotFound."""
    access.workspace_for(session, user_id, workspace_id)
    rows = _of_workspace(workspace_id).where(WorkspaceMember.user_id > after).order_by(WorkspaceMember.user_id)
    return _shapes(session, rows.limit(limit))


def workspace_member(session: Session, workspace_id: int, user_id: int) -> Shape:
    """One of them, for whoever has just changed it."""
    return _shapes(session, _of_workspace(workspace_id).where(WorkspaceMember.user_id == user_id))[0]


def chat_members(session: Session, user_id: int, chat_id: int, after: int, limit: int) -> list[Shape]:
    """By user id, those behind `after`; for everyone who may see the chat. Raises NotFound."""
    access.chat_for(session, user_id, chat_id)
    rows = _of_chat(chat_id).where(ChatMember.user_id > after).order_by(ChatMember.user_id)
    return _shapes(session, rows.limit(limit))


def chat_members_among(session: Session, chat_id: int, user_ids: Collection[int]) -> list[Shape]:
    """Those of these people who are in it, for whoever has just changed or added them."""
    return _shapes(session, _of_chat(chat_id).where(ChatMember.user_id.in_(user_ids)).order_by(ChatMember.user_id))


def _of_workspace(workspace_id: int) -> Select[WorkspaceMember, User]:
    people = select(WorkspaceMember, User).join(User, User.id == WorkspaceMember.user_id)
    return people.where(WorkspaceMember.workspace_id == workspace_id)


def _of_chat(chat_id: int) -> Select[ChatMember, User]:
    people = select(ChatMember, User).join(User, User.id == ChatMember.user_id)
    return people.where(ChatMember.chat_id == chat_id)


def _shapes(session: Session, rows: Select[ChatMember, User] | Select[WorkspaceMember, User]) -> list[Shape]:
    return [_shape(member, user) for member, user in session.execute(rows)]


def _shape(member: ChatMember | WorkspaceMember, user: User) -> Shape:
    return {
        "user_id": user.id,
        "role": member.role,
        "name": user.name,
        "email": user.email,
        "avatar_url": user.avatar_url,
        "joined_at": rfc3339(member.joined_at),
    }
