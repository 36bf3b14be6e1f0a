"""How many streams a person may have, over all processes."""

from collections.abc import Callable, Iterator
from time import time
from typing import Any

import gevent
import pytest
import redis as redis_client

from fechatter.errors import TooMany
from fechatter.redis_link import RedisAway, RedisLink
from launcher.ports import free_port
from launcher.redis import Redis
from notify import room
from notify.room import FEW, MOST_STREAMS_A_PERSON, OPEN, Room

ANN, BEN = 910_001, 910_002


class Opening:
    def __init__(self, user_id: int) -> None:
        self.user_id = user_id


class Process:
    """What Room sees of a notify process: streams that come and go."""

    def __init__(self, link: RedisLink, **more: Any) -> None:
        self.users: dict[int, tuple[Any, ...]] = {}
        self.room = Room(link, self.users, **more)

    def open(self, user_id: int = ANN) -> bool:
        stream: Any = Opening(user_id)
        self.users[user_id] = (*self.users.get(user_id, ()), stream)
        try:
            self.room.take(stream)
        except TooMany:
            self.close(user_id)
            return False
        return True

    def opened(self, wanted: int = 2 * MOST_STREAMS_A_PERSON) -> int:
        """How many of so many there was room for."""
        return sum(self.open() for _ in range(wanted))

    def close(self, user_id: int = ANN, streams: int = 1) -> None:
        self.users[user_id] = self.users[user_id][: len(self.users[user_id]) - streams]


@pytest.fixture
def kept(own_redis: Redis) -> Iterator[redis_client.Redis]:
    with redis_client.Redis.from_url(own_redis.url, decode_responses=True) as client:
        for key in client.scan_iter("streams:910*"):
            client.delete(key)
        yield client


@pytest.fixture
def a_process(kept: redis_client.Redis, own_redis: Redis) -> Callable[..., Process]:
    return lambda **more: Process(RedisLink(own_redis.url, timeout=30), **more)


def away() -> RedisLink:
    return RedisLink(f"redis://127.0.0.1:{free_port()}")


def test_over_all_processes_there_are_so_many_and_a_few_in_each_other_one(a_process: Callable[..., Process]) -> None:
    one, two, three = (a_process() for _ in range(3))
    assert two.opened(FEW) == FEW
    assert one.opened(30) == 30
    assert two.opened(30 - FEW) == MOST_STREAMS_A_PERSON - 30 - FEW
    assert [process.opened() for process in (one, two, three)] == [0, 0, FEW]


def test_one_process_alone_has_so_many(a_process: Callable[..., Process]) -> None:
    process = a_process()
    assert process.opened() == MOST_STREAMS_A_PERSON
    process.close()
    assert process.opened() == 1


def test_of_who_has_few_nobody_is_told(a_process: Callable[..., Process], kept: redis_client.Redis) -> None:
    process = a_process()
    process.room.redis = away()
    process.room.redis.call = pytest.fail  # type: ignore[method-assign, assignment]
    assert process.opened(FEW) == FEW
    process.room.tell()
    assert not kept.exists(OPEN % ANN)


def test_what_closes_makes_room_elsewhere(a_process: Callable[..., Process], kept: redis_client.Redis) -> None:
    one, two = a_process(), a_process()
    assert one.opened() == MOST_STREAMS_A_PERSON
    one.close(streams=10)
    one.room.tell()
    assert two.opened() == 10
    one.close(streams=MOST_STREAMS_A_PERSON - 10 - FEW)
    one.room.tell()
    assert kept.hlen(OPEN % ANN) == 1
    assert two.opened() == MOST_STREAMS_A_PERSON - 10
    assert (one.room.told, two.room.told) == ({}, {ANN: MOST_STREAMS_A_PERSON})


def test_one_that_was_refused_takes_no_room(a_process: Callable[..., Process]) -> None:
    one, two = a_process(), a_process()
    assert (one.opened(25), two.opened()) == (25, 25)
    assert one.opened(10) == 0
    two.close()
    two.room.tell()
    assert one.opened() == 1


def test_those_that_come_at_once_get_the_room_that_there_is(a_process: Callable[..., Process]) -> None:
    process = a_process()
    process.opened(MOST_STREAMS_A_PERSON - 2)
    coming: list[Any] = [Opening(ANN) for _ in range(4)]
    process.users[ANN] += tuple(coming)
    for stream in coming[:2]:
        process.room.take(stream)
    for stream in coming[2:]:
        with pytest.raises(TooMany):
            process.room.take(stream)


def test_a_process_tells_one_thing_after_the_other(
    a_process: Callable[..., Process], kept: redis_client.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else an older count could be the last that Redis hears."""
    process, said = a_process(), list[str]()
    assert process.opened(FEW + 1) == FEW + 1
    call = process.room.redis.call

    def slow(use: Callable[[redis_client.Redis], Any]) -> Any:
        said.append("asks")
        gevent.sleep(0.01)
        answer = call(use)
        said.append("knows")
        return answer

    monkeypatch.setattr(process.room.redis, "call", slow)
    process.room.told[ANN] = 0
    gevent.joinall([gevent.spawn(process.room.tell), *(gevent.spawn(process.open) for _ in range(3))], raise_error=True)
    assert said == ["asks", "knows"] * 4
    assert kept.hget(OPEN % ANN, process.room.process).split()[0] == str(FEW + 4)


def test_what_a_process_has_told_is_believed_so_long(
    a_process: Callable[..., Process], kept: redis_client.Redis
) -> None:
    killed, lives, other = (a_process() for _ in range(3))
    assert [process.opened(20) for process in (killed, lives, other)] == [20, 20, 10]
    told = {process: said.split() for process, said in kept.hgetall(OPEN % ANN).items()}
    assert {process: int(count) for process, (count, _) in told.items()} == {
        killed.room.process: 20,
        lives.room.process: 20,
        other.room.process: 10,
    }
    assert all(0 < int(until) - time() <= room.BELIEVED for _, until in told.values())
    assert 0 < kept.ttl(OPEN % ANN) <= room.BELIEVED
    kept.hset(OPEN % ANN, killed.room.process, f"20 {int(time())}")
    assert other.opened(30) == 20
    assert kept.hlen(OPEN % ANN) == 2


def test_all_is_told_again_every_now_and_then(a_process: Callable[..., Process], kept: redis_client.Redis) -> None:
    one, two = a_process(), a_process()
    assert one.opened() == MOST_STREAMS_A_PERSON
    kept.delete(OPEN % ANN)
    one.room.tell()
    assert not kept.exists(OPEN % ANN), "nothing has changed"
    one.room.refreshed -= room.REFRESH_EVERY
    one.room.tell()
    assert two.opened() == FEW


def test_while_redis_is_away_each_process_counts_for_itself_and_tells_it_later(
    a_process: Callable[..., Process],
) -> None:
    one, two, three, four = (a_process() for _ in range(4))
    there = one.room.redis
    for process in (one, two, three):
        process.room.redis = away()
        assert process.opened() == MOST_STREAMS_A_PERSON
        with pytest.raises(RedisAway):
            process.room.tell()
        process.room.redis = there
        process.room.tell()
    for process in (one, two, three):
        assert four.opened() == (FEW if process is one else 0), "some other has all that there may be"
        process.close(streams=MOST_STREAMS_A_PERSON)
        process.room.tell()
    assert four.opened() == MOST_STREAMS_A_PERSON - FEW


def test_when_redis_is_back_it_is_told_of_all(a_process: Callable[..., Process], kept: redis_client.Redis) -> None:
    process = a_process()
    for _ in range(FEW + 1):
        assert process.open(BEN)
    kept.delete(OPEN % BEN)
    there, process.room.redis = process.room.redis, away()
    process.opened()
    with pytest.raises(RedisAway):
        process.room.tell()
    process.room.redis = there
    process.room.tell()
    assert [kept.hlen(OPEN % user_id) for user_id in (ANN, BEN)] == [1, 1]


def test_without_limits_there_is_none(a_process: Callable[..., Process]) -> None:
    assert a_process(is_limited=False).opened() == 2 * MOST_STREAMS_A_PERSON
