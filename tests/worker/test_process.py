"""The worker as a process: it relays in any weather, and says what it misses in plain words."""

import signal
import time
from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from app.wakeup import Wakeup
from fechatter.feed.placed import CHANNEL, read_batch
from fechatter.redis_link import RedisLink
from tests.by_the_clock import in_time
from tests.doors import Door, until
from tests.fechatter.feed.feeds import a_feed, positions, put
from tests.own_redis import OwnRedis

pytestmark = pytest.mark.by_the_clock

QUICK = 0.25
"""Seconds within which nothing but a wake-up moves events: the sweep leaves them alone for so long."""

Post = Callable[[int], float]


@pytest.fixture
def post(engine: Engine, redis: OwnRedis) -> Post:
    """An event in the outbox and a wake-up, as web does it; the seconds until it is in the feed."""
    wakeup = Wakeup(RedisLink(redis.url), redis.url)

    def post(workspace_id: int) -> float:
        before = len(positions(engine, workspace_id))
        put(engine, workspace_id)
        wakeup.wake([workspace_id])
        return until(lambda: len(positions(engine, workspace_id)) > before, 30, "relayed")

    return post


def until_quick(post: Post, workspace_id: int, seconds: float) -> None:
    """Until wake-ups work; the first ones may still come to a worker that is about to reconnect."""
    until(lambda: post(workspace_id) < QUICK, seconds, "relayed by a wake-up")


def test_a_wake_up_is_relayed_at_once_and_published(engine: Engine, worker: Door, redis: OwnRedis, post: Post) -> None:
    redis.start()
    workspace = a_feed(engine)
    until_quick(post, workspace, 60)
    with redis.client().pubsub() as listener:
        listener.subscribe(CHANNEL % workspace)
        listener.get_message(timeout=30)
        # Right behind the one before: the relay has taken the flag down.
        assert post(workspace) < QUICK
        [expected] = positions(engine, workspace)[-1:]
        published = []
        # What was relayed before may be published only now: that comes after the commit.
        while expected not in published:
            message = listener.get_message(timeout=30)
            assert message, f"{expected} should be published, but only {published} were"
            published += [event.position for event in read_batch(message["data"]).events]


def test_without_redis_events_are_relayed_within_two_seconds(engine: Engine, worker: Door) -> None:
    workspace = a_feed(engine)
    put(engine, workspace)
    until(lambda: positions(engine, workspace), 60, "the worker's start")
    for expected in (2, 3):
        put(engine, workspace)
        until(lambda expected=expected: len(positions(engine, workspace)) == expected, 2, "relayed")


def test_wake_ups_work_again_after_redis_was_killed_and_is_back_empty(
    engine: Engine, worker: Door, redis: OwnRedis, post: Post
) -> None:
    redis.start()
    workspace = a_feed(engine)
    until_quick(post, workspace, 60)
    redis.kill()
    assert post(workspace) < 2
    time.sleep(1)
    redis.start()
    until_quick(post, workspace, 6)


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [3, 15, 35])
def test_wake_ups_work_again_after_redis_was_stopped(
    engine: Engine, worker: Door, redis: OwnRedis, post: Post, seconds: float
) -> None:
    redis.start()
    workspace = a_feed(engine)
    until_quick(post, workspace, 60)
    with redis.stopped(seconds):
        assert post(workspace) < 2
    until_quick(post, workspace, 6)


@pytest.mark.slow
def test_wake_ups_work_again_soon_after_redis_was_away_for_long(
    engine: Engine, worker: Door, redis: OwnRedis, post: Post
) -> None:
    redis.start()
    workspace = a_feed(engine)
    until_quick(post, workspace, 60)
    redis.kill()
    time.sleep(40)
    redis.start()
    until_quick(post, workspace, 6)


def test_a_worker_that_was_killed_leaves_nothing_locked(
    engine: Engine, worker: Door, redis: OwnRedis, post: Post
) -> None:
    redis.start()
    workspace = a_feed(engine)
    until_quick(post, workspace, 60)
    worker.process.kill()
    put(engine, workspace)
    worker.process.start()
    before = len(positions(engine, workspace))
    until(lambda: len(positions(engine, workspace)) > before, 60, "relayed by the next worker")


def test_no_password_is_in_the_log(worker: Door, redis: OwnRedis, database_url: str) -> None:
    worker.until_it_says("Cannot connect")
    redis.start()
    worker.until_it_says("ready")
    worker.process.stop()
    assert redis.server.password not in worker.said()


def test_a_worker_ends_within_seconds_when_told(worker: Door, redis: OwnRedis) -> None:
    redis.start()
    worker.until_it_says("ready")
    worker.process.send(signal.SIGTERM)
    began = time.monotonic()
    assert worker.process.wait(60) == 0
    in_time(began, 5)
