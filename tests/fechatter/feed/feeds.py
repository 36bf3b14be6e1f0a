"""Feeds with events as old as a test wants them, committed, in a workspace of the test's own."""

from datetime import timedelta
from itertools import count
from random import randrange

from sqlalchemy import Engine, text

from fechatter.feed.placed import Batch
from fechatter.feed.relay import MOST, relay, relay_once

_workspaces = count(randrange(10**9, 10**12))

FRESH = timedelta()


def a_feed(engine: Engine) -> int:
    workspace_id = next(_workspaces)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO feeds (workspace_id) VALUES (:w)"), {"w": workspace_id})
    return workspace_id


def put(engine: Engine, workspace_id: int, number: int = 1, age: timedelta = FRESH) -> None:
    """Events in the outbox, as a write leaves them."""
    row = """INSERT INTO outbox (workspace_id, audience, type, body, created_at)
             SELECT :w, 'workspace', 'workspace.updated', '{}', clock_timestamp() - :age FROM generate_series(1, :n)"""
    with engine.begin() as connection:
        connection.execute(text(row), {"w": workspace_id, "n": number, "age": age})


def place(engine: Engine, workspace_id: int, number: int = 1, age: timedelta = FRESH) -> None:
    """Events in the feed."""
    put(engine, workspace_id, number, age)
    relay(engine, workspace_id, lambda batches: None)


def relay_one(engine: Engine, workspace_id: int, wait: bool, most: int = MOST) -> Batch | None:
    """What one call moves of it."""
    batches = relay_once(engine, [workspace_id], wait, most).batches
    return batches[0] if batches else None


def positions(engine: Engine, workspace_id: int) -> list[int]:
    query = text("SELECT position FROM events WHERE workspace_id = :w ORDER BY position")
    with engine.connect() as connection:
        return list(connection.scalars(query, {"w": workspace_id}))


def waiting(engine: Engine, workspace_id: int) -> int:
    query = text("SELECT count(*) FROM outbox WHERE workspace_id = :w")
    with engine.connect() as connection:
        return connection.scalar(query, {"w": workspace_id}) or 0
