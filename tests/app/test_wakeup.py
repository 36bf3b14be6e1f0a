"""After a write web wakes the relay, once for many writes, and never waits for a Redis that does not answer."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, sleep

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from app.wakeup import Wakeup
from fechatter.broker import FLAG, LONGEST_QUEUE, QUEUE
from fechatter.redis_link import RedisLink
from tests.own_redis import OwnRedis, own_redis


@pytest.fixture
def server(tmp_path: Path) -> Iterator[OwnRedis]:
    with own_redis(tmp_path) as server:
        yield server.start()


@pytest.fixture
def wakeup(server: OwnRedis) -> Wakeup:
    return Wakeup(RedisLink(server.url), server.url, threads=4)


def seconds(wakeup: Wakeup, *workspace_ids: int) -> float:
    start = perf_counter()
    wakeup.wake(workspace_ids or (1,))
    return perf_counter() - start


def tasks(server: OwnRedis) -> list[dict[str, object]]:
    """Those that wait, oldest first."""
    return [json.loads(task) for task in reversed(server.client().lrange(QUEUE, 0, -1))]


def test_many_writes_make_one_task(server: OwnRedis, wakeup: Wakeup) -> None:
    for _ in range(5):
        wakeup.wake([7])
    [task] = tasks(server)
    assert json.loads(base64.b64decode(str(task["body"])))[0] == [7]


def test_each_workspace_has_its_own_task(server: OwnRedis, wakeup: Wakeup) -> None:
    wakeup.wake([7, 8])
    assert len(tasks(server)) == 2


def test_a_write_after_the_relay_began_makes_a_new_task(server: OwnRedis, wakeup: Wakeup) -> None:
    wakeup.wake([7])
    server.client().delete(FLAG % 7)
    wakeup.wake([7])
    assert len(tasks(server)) == 2


def test_a_lost_task_holds_others_back_for_a_second_only(server: OwnRedis, wakeup: Wakeup) -> None:
    wakeup.wake([7])
    server.client().delete(QUEUE)
    assert 0 < server.client().pttl(FLAG % 7) <= 1000


def test_a_queue_that_nobody_reads_does_not_fill_redis(server: OwnRedis, wakeup: Wakeup) -> None:
    server.client().rpush(QUEUE, *[b"x"] * LONGEST_QUEUE)
    wakeup.wake([7])
    assert server.client().llen(QUEUE) == LONGEST_QUEUE


def test_a_redis_that_was_killed_costs_nothing(server: OwnRedis, wakeup: Wakeup) -> None:
    wakeup.wake([7])
    server.kill()
    assert [seconds(wakeup) < 0.1 for _ in range(5)] == [True] * 5


def test_a_redis_that_was_stopped_costs_half_a_second_once(server: OwnRedis, wakeup: Wakeup) -> None:
    wakeup.wake([7])
    with server.stopped():
        assert seconds(wakeup) < 0.6
        assert sum(seconds(wakeup) for _ in range(100)) < 0.1


def test_a_redis_that_stops_behind_the_flag_costs_half_a_second_at_most(server: OwnRedis, wakeup: Wakeup) -> None:
    wakeup.wake([7])
    with server.stopped():
        start = perf_counter()
        with pytest.raises(RedisConnectionError):
            wakeup._send(8)
        assert perf_counter() - start < 0.6


def test_wake_ups_go_on_when_redis_is_back_empty(server: OwnRedis, wakeup: Wakeup) -> None:
    wakeup.wake([7])
    server.kill()
    wakeup.wake([7])
    server.start()
    for _ in range(30):
        wakeup.wake([7])
        if tasks(server):
            return
        sleep(0.1)
    raise AssertionError("no task although Redis is back")
