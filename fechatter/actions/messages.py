"""Editing and deleting messages."""

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from fechatter import access, outbox
from fechatter.audit import record_chat_act
from fechatter.errors import Conflict, Forbidden
from fechatter.events import MessageDeleted, MessageUpdated, chat_facts
from fechatter.models import Report
from fechatter.permissions import can_delete_anothers_message, can_read
from fechatter.shapes import Shape, message_shape


def edit_message(session: Session, user_id: int, message_id: int, content: str) -> Shape:
    """Its author's right alone, while in the chat and allowed to post there.

    Raises NotFound, Forbidden, Blocked, ReadOnly, Conflict for a deleted one.
    """
    message, seat = access.message_for(session, user_id, message_id, lock=True)
    if not can_read(seat.standing):
        raise Forbidden
    if message.sender_id != user_id:
        raise Forbidden("not_author", "Only its author may edit a message.")
    access.check_open(seat.standing, seat.chat.closed, seat.chat.read_only)
    if message.deleted_at is not None:
        raise Conflict("message_deleted", "The message has been deleted.")
    message.content, message.edited_at = content, session.scalar(select(func.clock_timestamp()))
    shape = message_shape(message)
    outbox.record(
        session, MessageUpdated(**chat_facts(seat.chat), actor_id=user_id, message_id=message.id, message=shape)
    )
    return shape


def delete_message(session: Session, user_id: int, message_id: int) -> None:
    """Leaves a tombstone; deleting that again changes nothing. Raises NotFound, Forbidden."""
    message, seat = access.message_for(session, user_id, message_id, lock=True)
    own = message.sender_id == user_id and can_read(seat.standing)
    if not own and not can_delete_anothers_message(seat.standing):
        raise Forbidden
    if message.deleted_at is not None:
        return
    message.content, message.deleted_at = None, session.scalar(select(func.clock_timestamp()))
    session.flush()
    session.execute(update(Report).where(Report.message_id == message.id).values(content=None))
    _blank_events(session, message.id)
    outbox.record(
        session,
        MessageDeleted(
            **chat_facts(seat.chat), actor_id=user_id, message_id=message.id, message=message_shape(message)
        ),
    )
    if message.sender_id != user_id:
        record_chat_act(session, "message.deleted", user_id, seat.chat, ("message", message.id))


def _blank_events(session: Session, message_id: int) -> None:
    """Takes the text out of what the stream may still send. The outbox comes first: the relay moves rows from there
    to `events`, so one that it holds is waited for, and then found behind it."""
    for table in ("outbox", "events"):
        session.execute(
            text(
                f"UPDATE {table} SET body = jsonb_set(body::jsonb, '{{message,content}}', 'null')::text"  # noqa: S608
                " WHERE message_id = :id"
            ),
            {"id": message_id},
        )
