"""How many streams a person may have, over processes that come, go, and lose Redis."""

import signal
from collections.abc import Callable
from time import monotonic

import redis as redis_client

from launcher.redis import Redis
from notify.room import FEW, MOST_STREAMS_A_PERSON, OPEN
from tests.by_the_clock import in_time
from tests.doors import until
from tests.family import stopped
from tests.notify.process import Notify
from tests.notify.raw_stream import RawStream
from tests.world import Person, World

Connect = Callable[..., RawStream]
Start = Callable[..., Notify]


def opened(connect: Connect, person: Person, at: Notify, wanted: int) -> list[RawStream]:
    """Those of so many that were opened there, one after the other."""
    streams = [connect(person, at=at) for _ in range(wanted)]
    refused = [stream for stream in streams if stream.status != 200]
    for stream in refused:
        assert stream.head
        assert stream.status == 429
        assert "Retry-After: 10" in stream.head
        stream.until(lambda stream: b"too_many_streams" in stream.rest)
    return [stream for stream in streams if stream not in refused]


def test_two_processes_count_together(world: World, connect: Connect, notify: Notify, second_notify: Notify) -> None:
    ann, bob = world.person(), world.person()
    here = opened(connect, ann, notify, 30)
    there = opened(connect, ann, second_notify, 30)
    assert (len(here), len(there)) == (30, MOST_STREAMS_A_PERSON - 30)
    assert opened(connect, ann, notify, 1) == []
    assert len(opened(connect, bob, notify, 1)) == 1, "each person has room of their own"
    for stream in here[:10]:
        stream.close()
    until(lambda: opened(connect, ann, second_notify, 1), 10, "there is room again")
    assert all(not stream.ended for stream in [*here[10:], *there])


def test_one_that_ends_leaves_its_room_to_the_others(
    world: World, connect: Connect, notify: Notify, a_notify: Start
) -> None:
    ann, ending = world.person(), a_notify()
    assert len(opened(connect, ann, ending, MOST_STREAMS_A_PERSON)) == MOST_STREAMS_A_PERSON
    assert len(opened(connect, ann, notify, FEW + 1)) == FEW
    ending.kill(signal.SIGTERM)
    assert len(opened(connect, ann, notify, 1)) == 1


def test_with_redis_stopped_nobody_waits_for_it(
    world: World, connect: Connect, own_redis: Redis, a_notify: Start
) -> None:
    ann, one, two = world.person(), a_notify(), a_notify()
    for process in (one, two):
        assert len(opened(connect, ann, process, FEW + 1)) == FEW + 1
    with stopped(own_redis.process.pid):
        for process in (one, two):
            began = monotonic()
            assert len(opened(connect, ann, process, MOST_STREAMS_A_PERSON)) == MOST_STREAMS_A_PERSON - FEW - 1
            in_time(began, 10)
    with redis_client.Redis.from_url(own_redis.url) as client:
        until(lambda: _told(client, ann) == 2 * MOST_STREAMS_A_PERSON, 30, "both have told what they have")
    assert opened(connect, ann, a_notify(), FEW + 1)[FEW:] == []


def _told(client: redis_client.Redis, person: Person) -> int:
    return sum(int(value.split()[0]) for value in client.hvals(OPEN % person.id))
