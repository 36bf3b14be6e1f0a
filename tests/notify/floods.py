"""Many or big messages at once, put into the outbox as posting leaves them."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Engine, text

from fechatter.feed.placed import Batch
from fechatter.feed.relay import Publish, relay
from fechatter.feed.trim import trim_feed
from fechatter.retention import Budget

MESSAGES = text(
    """
    INSERT INTO outbox (workspace_id, audience, chat_id, type, body)
    SELECT :workspace, 'chat', :chat, 'message.created', json_build_object(
        'type', 'message.created', 'workspace_id', CAST(:workspace AS bigint), 'chat_id', CAST(:chat AS bigint),
        'message', json_build_object('seq', n, 'content', n || repeat(' ', :size)))
      FROM generate_series(CAST(:first AS integer), CAST(:last AS integer)) n
    """
)


def not_at_all(batches: Sequence[Batch]) -> None:
    """Publishes as a Redis that is away."""


def flood(
    engine: Engine,
    workspace_id: int,
    chat_id: int,
    last: int,
    first: int = 1,
    size: int = 0,
    publish: Publish = not_at_all,
) -> None:
    """Messages that say their number, and `size` spaces."""
    values = {"workspace": workspace_id, "chat": chat_id, "first": first, "last": last, "size": size}
    with engine.begin() as connection:
        connection.execute(MESSAGES, values)
    relay(engine, workspace_id, publish)


def grow_old(engine: Engine, workspace_id: int) -> None:
    """Eight days pass for all that is in the feed, and the retention comes round."""
    older = text("UPDATE events SET created_at = created_at - :age WHERE workspace_id = :workspace")
    with engine.begin() as connection:
        connection.execute(older, {"workspace": workspace_id, "age": timedelta(days=8)})
    trim_feed(engine, workspace_id, Budget(10))
