"""Loads things through the person who asks: what one may not know of is NotFound, exactly like what is not there."""

from dataclasses import dataclass
from typing import NamedTuple, TypeVarTuple

from sqlalchemy import Connection, Select, and_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from fechatter.errors import Forbidden, NotFound
from fechatter.models import Chat, ChatMember, Message, User, Workspace, WorkspaceMember
from fechatter.permissions import Standing, can_read, can_see

Row = TypeVarTuple("Row")


@dataclass(frozen=True)
class Caller:
    """Who asks: read from the session's row with each request, so that a revoked session is nobody at once."""

    user_id: int
    session_id: int
    list_version: int


@dataclass(frozen=True)
class Place:
    """A workspace with the caller's membership of it."""

    workspace: Workspace
    member: WorkspaceMember


@dataclass(frozen=True)
class Seat:
    """A chat that the caller may see; `member` is None for a public channel that it is not in."""

    chat: Chat
    member: ChatMember | None
    workspace_member: WorkspaceMember

    @property
    def standing(self) -> Standing:
        return Standing(self.chat.type, self.member.role if self.member else None, self.workspace_member.role)


def _one(session: Session, query: Select[*Row]) -> tuple[*Row]:
    """The one row, as it is now."""
    row = session.execute(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound
    return row


def _lock(session: Session, column: InstrumentedAttribute[int], id: int) -> None:
    """The row of this id, until the end of the transaction. What is decided on is read behind this, by another
    statement: this one would see it as it was before the wait."""
    session.execute(select(column).where(column == id).with_for_update(key_share=True))


def workspace_for(session: Session, user_id: int, workspace_id: int, lock: bool = False) -> Place:
    """A workspace that this person is in. With `lock` its row is locked first. Raises NotFound."""
    if lock:
        # A stranger is turned away before: it holds nobody up, and waits for nobody whom it may not know of.
        workspace_for(session, user_id, workspace_id)
        _lock(session, Workspace.id, workspace_id)
    mine = and_(WorkspaceMember.workspace_id == Workspace.id, WorkspaceMember.user_id == user_id)
    place = select(Workspace, WorkspaceMember).join(WorkspaceMember, mine)
    return Place(*_one(session, place.where(Workspace.id == workspace_id, Workspace.deleted_at.is_(None))))


def chat_for(session: Session, user_id: int, chat_id: int, lock: bool = False) -> Seat:
    """A chat that this person may see. With `lock` its row is locked first. Raises NotFound.

    One statement reads the chat and the place in it, so that nobody has read further than the chat reaches.
    """
    if lock:
        chat_for(session, user_id, chat_id)  # as in `workspace_for`
        _lock(session, Chat.id, chat_id)
    in_chat = and_(ChatMember.chat_id == Chat.id, ChatMember.user_id == user_id)
    in_workspace = and_(WorkspaceMember.workspace_id == Chat.workspace_id, WorkspaceMember.user_id == user_id)
    seat = (
        select(Chat, ChatMember, WorkspaceMember)
        .join(WorkspaceMember, in_workspace)
        .outerjoin(ChatMember, in_chat)
        .where(Chat.id == chat_id, Chat.deleted_at.is_(None))
    )
    found = Seat(*_one(session, seat))
    if not can_see(found.standing):
        raise NotFound
    return found


class Glimpse(NamedTuple):
    """What the busiest calls need of a chat whose messages the caller may read."""

    workspace_id: int
    last_seq: int


GLIMPSE = """
SELECT c.workspace_id, c.last_seq, c.type, m.role, w.role
  FROM chats c
  JOIN workspace_members w ON w.workspace_id = c.workspace_id AND w.user_id = %(user)s
  LEFT JOIN chat_members m ON m.chat_id = c.id AND m.user_id = %(user)s
 WHERE c.id = %(chat)s AND c.deleted_at IS NULL
"""


def glimpse_of(connection: Connection, user_id: int, chat_id: int) -> Glimpse:
    """`chat_for` in one statement and without objects, and one may read there. Raises NotFound, Forbidden."""
    row = connection.exec_driver_sql(GLIMPSE, {"user": user_id, "chat": chat_id}).one_or_none()
    if row is None:
        raise NotFound
    workspace_id, last_seq, *standing = row
    if not can_see(Standing(*standing)):
        raise NotFound
    if not can_read(Standing(*standing)):
        raise Forbidden
    return Glimpse(workspace_id, last_seq)


def message_for(session: Session, user_id: int, message_id: int, lock: bool = False) -> tuple[Message, Seat]:
    """A message of a chat that this person may see; `lock` locks the chat first, then reads the message again."""
    chat_id = session.scalar(select(Message.chat_id).where(Message.id == message_id))
    # What is not there takes the road of what is hidden, so that the time does not tell: no chat has the id 0.
    seat = chat_for(session, user_id, chat_id or 0, lock)
    if lock:
        _lock(session, Message.id, message_id)
    return _one(session, select(Message).where(Message.id == message_id))[0], seat


def user_for(session: Session, user_id: int, other_id: int) -> User:
    """Oneself, or a person with whom a workspace is shared."""
    if user_id != other_id:
        theirs = select(WorkspaceMember.workspace_id).where(WorkspaceMember.user_id == other_id)
        shared = (
            select(WorkspaceMember.workspace_id)
            .join(Workspace, Workspace.id == WorkspaceMember.workspace_id)
            .where(WorkspaceMember.user_id == user_id, Workspace.deleted_at.is_(None))
            .where(WorkspaceMember.workspace_id.in_(theirs))
        )
        if session.execute(shared.limit(1)).first() is None:
            raise NotFound
    return _one(session, select(User).where(User.id == other_id))[0]
