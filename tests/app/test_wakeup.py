"""After a write web wakes the relay, once for many writes, and no answer waits for Redis."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from time import perf_counter, sleep

import pytest
from celery import Celery

from app.wakeup import Wakeup
from fechatter import wakeup as protocol
from fechatter.broker import LONGEST_QUEUE, QUEUE
from fechatter.redis_link import RedisAway, RedisLink
from fechatter.wakeup import AT_ONCE, FLAG, WAITING, workspaces_waiting
from tests.own_redis import OwnRedis, own_redis

pytestmark = pytest.mark.by_the_clock


@pytest.fixture
def server(tmp_path: Path) -> Iterator[OwnRedis]:
    with own_redis(tmp_path) as server:
        yield server.start()


@pytest.fixture
def redis(server: OwnRedis) -> RedisLink:
    return RedisLink(server.url)


@pytest.fixture
def wakeup(server: OwnRedis, redis: RedisLink) -> Wakeup:
    """Whose thread does nothing, so that a test says when it talks."""
    wakeup = Wakeup(redis, server.url)
    wakeup._start = lambda: None  # type: ignore[method-assign]
    return wakeup


def ask(wakeup: Wakeup, *workspace_ids: int) -> None:
    wakeup.wake(workspace_ids)
    wakeup.tell()


def seconds(wakeup: Wakeup) -> float:
    wakeup.wake([7])
    start = perf_counter()
    with pytest.raises(RedisAway):
        wakeup.tell()
    return perf_counter() - start


def tasks(server: OwnRedis) -> int:
    """How many wait."""
    return int(server.client().llen(QUEUE))


def taken(redis: RedisLink) -> list[int]:
    return sorted(chain.from_iterable(workspaces_waiting(redis, lambda: None)))


def test_many_writes_make_one_task(server: OwnRedis, wakeup: Wakeup) -> None:
    for workspace in (7, 8, 7):
        ask(wakeup, workspace)
    assert tasks(server) == 1
    assert server.client().smembers(WAITING) == {b"7", b"8"}


def test_what_is_asked_for_is_told_without_anybody_waiting_for_it(server: OwnRedis, redis: RedisLink) -> None:
    wakeup = Wakeup(redis, server.url)
    wakeup.wake([7])
    for _ in range(600):
        if tasks(server):
            break
        sleep(0.05)
    assert (tasks(server), taken(redis)) == (1, [7])


def test_a_task_takes_all_that_is_named_and_leaves_the_flag_down(
    server: OwnRedis, redis: RedisLink, wakeup: Wakeup
) -> None:
    ask(wakeup, *range(1, 3 * AT_ONCE))
    assert taken(redis) == list(range(1, 3 * AT_ONCE))
    assert not server.client().exists(FLAG, WAITING)
    ask(wakeup, 7)
    assert tasks(server) == 2


def test_a_write_during_a_task_is_taken_by_it(server: OwnRedis, redis: RedisLink, wakeup: Wakeup) -> None:
    ask(wakeup, 7)
    relayed = list[int]()
    for workspaces in workspaces_waiting(redis, lambda: None):
        if not relayed:
            ask(wakeup, 8)
        relayed.extend(workspaces)
    assert relayed == [7, 8]
    assert tasks(server) == 1


def test_a_write_right_behind_the_last_look_is_nobodys_to_lose(
    server: OwnRedis, redis: RedisLink, wakeup: Wakeup, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The moment in which a task has found nothing, and has not taken the flag down yet."""
    take_last = protocol._take_last
    named = list[int]()

    def named_before(client: object) -> list[int]:
        if not named:
            named.append(9)
            ask(wakeup, 9)
        return take_last(client)  # type: ignore[arg-type]

    monkeypatch.setattr(protocol, "_take_last", named_before)
    ask(wakeup, 7)
    assert taken(redis) == [7, 9]


def test_a_task_that_finds_many_calls_for_help(redis: RedisLink, wakeup: Wakeup) -> None:
    calls = list[int]()
    ask(wakeup, *range(AT_ONCE - 1))
    list(workspaces_waiting(redis, lambda: calls.append(1)))
    assert not calls
    ask(wakeup, *range(AT_ONCE + 1))
    list(workspaces_waiting(redis, lambda: calls.append(1)))
    assert len(calls) == 1


def test_what_a_task_has_no_time_for_is_another_ones(
    redis: RedisLink, wakeup: Wakeup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "LONGEST", 0)
    calls = list[int]()
    ask(wakeup, *range(3 * AT_ONCE))
    [some] = workspaces_waiting(redis, lambda: calls.append(1))
    assert len(some) == AT_ONCE
    assert calls == [1]


def test_a_lost_task_holds_others_back_for_half_a_second_only(server: OwnRedis, wakeup: Wakeup) -> None:
    ask(wakeup, 7)
    server.client().delete(QUEUE)
    assert 0 < server.client().pttl(FLAG) <= 500


def test_what_nobody_takes_does_not_fill_redis(server: OwnRedis, wakeup: Wakeup) -> None:
    server.client().rpush(QUEUE, *[b"x"] * LONGEST_QUEUE)
    ask(wakeup, 7)
    assert tasks(server) == LONGEST_QUEUE
    assert 0 < server.client().pttl(WAITING) <= 10_000


def test_a_redis_that_has_forgotten_how_it_is_asked_is_told_again(server: OwnRedis, wakeup: Wakeup) -> None:
    ask(wakeup, 7)
    server.client().script_flush()
    ask(wakeup, 8)
    assert server.client().smembers(WAITING) == {b"7", b"8"}
    assert tasks(server) == 1


def test_any_number_of_workspaces_is_named_at_once(server: OwnRedis, wakeup: Wakeup) -> None:
    ask(wakeup, *range(9_000))  # more than a call in Lua takes
    assert (server.client().scard(WAITING), tasks(server)) == (9_000, 1)


def test_a_redis_that_was_killed_costs_nothing(server: OwnRedis, wakeup: Wakeup) -> None:
    ask(wakeup, 7)
    server.kill()
    assert [seconds(wakeup) < 0.1 for _ in range(5)] == [True] * 5


def test_a_redis_that_was_stopped_costs_half_a_second_once(server: OwnRedis, wakeup: Wakeup) -> None:
    ask(wakeup, 7)
    with server.stopped():
        assert seconds(wakeup) < 0.6
        assert sum(seconds(wakeup) for _ in range(100)) < 0.1


def test_a_redis_that_stops_behind_the_flag_costs_half_a_second_at_most(
    server: OwnRedis, wakeup: Wakeup, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(wakeup, 7)
    server.client().delete(FLAG)
    send = Celery.send_task

    def send_to_a_stopped_one(*args: object, **options: object) -> None:
        with server.stopped():
            send(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Celery, "send_task", send_to_a_stopped_one)
    assert seconds(wakeup) < 0.6
    assert wakeup.redis.is_away


def test_without_redis_a_task_takes_nothing(server: OwnRedis, redis: RedisLink) -> None:
    server.kill()
    assert taken(redis) == []


def test_wake_ups_go_on_when_redis_is_back_empty(server: OwnRedis, redis: RedisLink) -> None:
    wakeup = Wakeup(redis, server.url)
    wakeup.wake([7])
    server.kill()
    wakeup.wake([7])
    server.start()
    for _ in range(300):
        wakeup.wake([7])
        sleep(0.1)
        if tasks(server):
            return
    raise AssertionError("no task although Redis is back")
