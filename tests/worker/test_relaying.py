"""The task that relays: all that are named in one call, and nobody waits for what is another's trouble."""

from collections.abc import Callable, Collection
from time import monotonic

import pytest
from sqlalchemy import Engine, text

from app.wakeup import Wakeup
from fechatter.feed.pages import read_feeds
from fechatter.feed.placed import CHANNEL, read_batch
from fechatter.feed.relay import MOST
from fechatter.redis_link import RedisLink
from tests.doors import Door, until
from tests.factories import committed
from tests.fechatter.feed.feeds import a_feed, positions, put
from tests.own_redis import OwnRedis

pytestmark = pytest.mark.by_the_clock

QUICK = 0.25
"""Seconds within which nothing but a wake-up moves events: the sweep leaves them alone for so long."""

LOCK = text("SELECT FROM feeds WHERE workspace_id = :w FOR NO KEY UPDATE")
STALE_HEAD = text("UPDATE feeds SET head = 0 WHERE workspace_id = :w")
NAMED_TOGETHER = 3

Wake = Callable[[Collection[int]], float]


@pytest.fixture
def wake(engine: Engine, worker: Door, redis: OwnRedis) -> Wake:
    """An event for each and one wake-up for all, once wake-ups work; the time of it."""
    redis.start()
    wakeup, first = Wakeup(RedisLink(redis.url), redis.url), a_feed(engine)

    def wake(workspaces: Collection[int]) -> float:
        for workspace in workspaces:
            put(engine, workspace)
        began = monotonic()
        wakeup.wake(workspaces)
        return began

    def is_quick() -> bool:
        before, began = len(positions(engine, first)), wake([first])
        until(lambda: len(positions(engine, first)) > before, 30, "relayed")
        return monotonic() - began < QUICK

    until(is_quick, 60, "relayed by a wake-up")
    return wake


def until_placed(engine: Engine, began: float, *workspaces: int) -> None:
    for workspace in workspaces:
        until(lambda workspace=workspace: positions(engine, workspace), 30, "relayed")
    assert monotonic() - began < QUICK


def test_all_that_are_named_are_relayed_and_published(engine: Engine, wake: Wake, redis: OwnRedis) -> None:
    workspaces = [a_feed(engine) for _ in range(NAMED_TOGETHER)]
    with redis.client().pubsub() as listener:
        listener.subscribe(*(CHANNEL % workspace for workspace in workspaces))
        for _ in workspaces:
            listener.get_message(timeout=30)
        until_placed(engine, wake(workspaces), *workspaces)
        batches = [read_batch(listener.get_message(timeout=30)["data"]) for _ in workspaces]
    assert sorted(batch.workspace_id for batch in batches) == workspaces
    assert [[event.position for event in batch.events] for batch in batches] == [[1]] * NAMED_TOGETHER


def test_a_feed_that_is_held_is_waited_for_behind_the_others(engine: Engine, wake: Wake) -> None:
    held, free = a_feed(engine), a_feed(engine)
    with committed(engine) as other:
        other.execute(LOCK, {"w": held})
        began = wake([held, free])
        until_placed(engine, began, free)
        assert positions(engine, held) == []
    until_placed(engine, began, held)


def test_a_backlog_is_relayed_to_its_end(engine: Engine, wake: Wake) -> None:
    long, short = a_feed(engine), a_feed(engine)
    put(engine, long, MOST + 100)
    began = wake([long, short])
    until(lambda: read_feeds(engine, [long])[long].head == MOST + 101, 30, "relayed")
    until_placed(engine, began, short)


def test_a_feed_that_cannot_go_on_stops_no_other(engine: Engine, wake: Wake) -> None:
    """Its next position is taken, as by a restore that went wrong."""
    broken, sound = a_feed(engine), a_feed(engine)
    until_placed(engine, wake([broken]), broken)
    with engine.begin() as connection:
        connection.execute(STALE_HEAD, {"w": broken})
    until_placed(engine, wake([broken, sound]), sound)
    assert positions(engine, broken) == [1]
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM outbox WHERE workspace_id = :w"), {"w": broken})
