"""How far a person has read a chat. In plain SQL: of all writes, this is the one that people do most."""

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from fechatter import access, outbox
from fechatter.errors import Forbidden
from fechatter.events import ReadUpdated
from fechatter.shapes import Shape

LOCK = text("SELECT last_read_seq FROM chat_members WHERE chat_id = :chat AND user_id = :user FOR NO KEY UPDATE")
NEWEST = text("SELECT last_seq FROM chats WHERE id = :chat")
MOVE = text("UPDATE chat_members SET last_read_seq = :seq WHERE chat_id = :chat AND user_id = :user")


def mark_read(session: Session, user_id: int, chat_id: int, seq: int) -> Shape:
    """Moves the pointer up to `seq`, never back and never beyond the newest message. Raises NotFound, Forbidden."""
    connection, which = session.connection(), {"chat": chat_id, "user": user_id}
    workspace_id = access.workspace_of(connection, user_id, chat_id)
    before = _lock_pointer(connection, user_id, chat_id)
    # Behind that lock, since a post of one's own moves both while it holds both.
    last_seq: int = connection.execute(NEWEST, which).scalar_one()
    read = max(before, min(seq, last_seq))
    if read > before:
        connection.execute(MOVE, which | {"seq": read})
        outbox.freshen_lists(session, user_id)
        facts = {"workspace_id": workspace_id, "chat_id": chat_id, "actor_id": user_id, "to_user": user_id}
        outbox.record(session, ReadUpdated(**facts, last_read_seq=read))
    return {"last_read_seq": read, "unread_count": last_seq - read}


def _lock_pointer(connection: Connection, user_id: int, chat_id: int) -> int:
    pointer: int | None = connection.execute(LOCK, {"chat": chat_id, "user": user_id}).scalar_one_or_none()
    if pointer is None:
        # Removed while we waited: what may be said now depends on what can be seen from outside.
        access.workspace_of(connection, user_id, chat_id)
        raise Forbidden
    return pointer
