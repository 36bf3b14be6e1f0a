"""Posting, editing and deleting messages."""

from typing import Literal, NamedTuple

from sqlalchemy import Connection, Engine, func, select, text, update
from sqlalchemy.orm import Session

from fechatter import access, outbox
from fechatter.audit import record_chat_act
from fechatter.db import fetch
from fechatter.errors import Conflict, Forbidden
from fechatter.events import MessageDeleted, MessageUpdated, chat_facts
from fechatter.models import Report
from fechatter.permissions import can_delete_anothers_message, can_read
from fechatter.shapes import Shape, maybe_rfc3339, message_shape, rfc3339

Outcome = Literal[
    "created", "repeated", "session_ended", "absent", "outside", "blocked", "read_only", "slow_mode", "bad_reply"
]

POST = """
SELECT outcome, id, seq, content, reply_to, created_at, edited_at, deleted_at, workspace_id, retry_after
  FROM post_message_v2(%s, %s, %s, %s, %s, %s)
"""


class Posted(NamedTuple):
    """`shape` is the message of `created` and `repeated`; see `post_message.sql` for the outcomes. `retry_after` is in
    seconds, and of `slow_mode` alone."""

    outcome: Outcome
    shape: Shape | None
    workspace_id: int | None
    retry_after: int | None = None


def post_message(
    where: Engine | Connection,
    session_id: int,
    user_id: int,
    chat_id: int,
    content: str,
    client_id: str | None = None,
    reply_to: int | None = None,
) -> Posted:
    """The whole post in one statement, which also decides whether it may be: no other check is needed before.

    Of an engine it commits by itself, so that a caller that stops right behind it holds no chat's lock; see `db.fetch`.
    """
    [row] = fetch(where, POST, (session_id, user_id, chat_id, content, client_id, reply_to))
    outcome, message_id, seq, content_now, reply_to_now, *times, workspace_id, retry_after = row
    if outcome not in ("created", "repeated"):
        return Posted(outcome, None, workspace_id, retry_after)
    created_at, edited_at, deleted_at = times
    shape: Shape = {
        "id": message_id,
        "chat_id": chat_id,
        "seq": seq,
        "sender_id": user_id,
        "content": content_now,
        "client_id": client_id,
        "reply_to": reply_to_now,
        "created_at": rfc3339(created_at),
        "edited_at": maybe_rfc3339(edited_at),
        "deleted_at": maybe_rfc3339(deleted_at),
    }
    return Posted(outcome, shape, workspace_id)


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
