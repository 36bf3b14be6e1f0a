"""Loads things through the person who asks: what one may not know of is NotFound, exactly like what is not there."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeVarTuple

from sqlalchemy import Connection, Engine, Select, and_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from fechatter.db import fetch
from fechatter.errors import Blocked, Forbidden, NotFound, ReadOnly, SessionEnded
from fechatter.models import Chat, ChatMember, Message, User, Workspace, WorkspaceMember
from fechatter.permissions import Standing, can_always_post, can_read, can_see

Row = TypeVarTuple("Row")


@dataclass(frozen=True)
class Caller:
    """Who asks: read from the session's row with each request, so that a revoked session is nobody at once."""

    user_id: int
    session_id: int
    list_version: int


# In plain words for the driver: each request asks this, and building it anew costs as much as the answer.
CALLER = """
SELECT u.list_version FROM sessions s JOIN users u ON u.id = s.user_id
 WHERE s.id = %s AND s.user_id = %s AND s.ended_at IS NULL AND s.expires_at > now()
"""


def caller_of(where: Engine | Connection, session_id: int, user_id: int) -> Caller:
    """Raises SessionEnded."""
    rows = fetch(where, CALLER, (session_id, user_id))
    if not rows:
        raise SessionEnded
    return Caller(user_id, session_id, rows[0][0])


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


WORKSPACE_OF = """
SELECT c.workspace_id, c.closed, c.read_only, c.type, m.role, w.role
  FROM chats c
  JOIN workspace_members w ON w.workspace_id = c.workspace_id AND w.user_id = %(user)s
  LEFT JOIN chat_members m ON m.chat_id = c.id AND m.user_id = %(user)s
 WHERE c.id = %(chat)s AND c.deleted_at IS NULL
"""


def workspace_of(connection: Connection, user_id: int, chat_id: int, to_post: bool = False) -> int:
    """The workspace of a chat that this person may read: `chat_for` in one statement and without objects.

    Raises NotFound, Forbidden; Blocked and ReadOnly if it is asked in order `to_post`.
    """
    row = connection.exec_driver_sql(WORKSPACE_OF, {"user": user_id, "chat": chat_id}).one_or_none()
    if row is None:
        raise NotFound
    workspace_id, closed, read_only, *standing = row
    check_readable(*standing)
    if to_post:
        check_open(Standing(*standing), closed, read_only)
    return int(workspace_id)


def check_open(who: Standing, closed: bool, read_only: bool) -> None:
    """Of a chat that one may read, by its `closed` and `read_only`. Raises Blocked, ReadOnly."""
    if closed:
        raise Blocked
    if read_only and not can_always_post(who):
        raise ReadOnly


def check_readable(chat_type: str | None, chat_role: str | None, workspace_role: str | None) -> None:
    """Of a Standing as it was found, with None where there is no such chat. Raises NotFound, Forbidden."""
    if chat_type is None or workspace_role is None:
        raise NotFound
    standing = Standing(chat_type, chat_role, workspace_role)
    if not can_see(standing):
        raise NotFound
    if not can_read(standing):
        raise Forbidden


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
    if user_id != other_id and not known_of(session, user_id, [other_id]):
        raise NotFound
    return _one(session, select(User).where(User.id == other_id))[0]


def known_of(session: Session, user_id: int, other_ids: Collection[int]) -> set[int]:
    """Those of these people whom this one may know, by one statement whoever they are."""
    theirs = aliased(WorkspaceMember)
    shared = (
        select(theirs.user_id)
        .join(WorkspaceMember, WorkspaceMember.workspace_id == theirs.workspace_id)
        .join(Workspace, Workspace.id == theirs.workspace_id)
        .where(WorkspaceMember.user_id == user_id, Workspace.deleted_at.is_(None), theirs.user_id.in_(other_ids))
        .distinct()
    )
    return {user_id}.intersection(other_ids).union(session.scalars(shared))
