"""What notify says of who is here is what the worker goes by when it tells those who are not, and web when asked."""

import time
from collections.abc import Callable

from fechatter.feed.here import HERE, last_here, those_here
from fechatter.redis_link import RedisLink
from launcher.redis import Redis
from tests.doors import until
from tests.notify.process import Notify
from tests.notify.raw_stream import RawStream
from tests.world import World

Connect = Callable[..., RawStream]


def test_who_has_a_stream_is_here_and_soon_not_any_more(world: World, connect: Connect, own_redis: Redis) -> None:
    person, link = world.person(), RedisLink(own_redis.url, timeout=30)
    world.workspace(person)
    assert last_here(link, person.id) is None
    assert those_here(link, [person.id]) == set()
    began = time.time()
    stream = connect(person)
    until(lambda: last_here(link, person.id), 60, "here")
    assert began - 1 < (last_here(link, person.id) or 0) <= time.time() + 1
    assert those_here(link, [person.id, person.id + 1]) == {person.id}
    stream.close()
    until(lambda: last_here(link, person.id) is None, 30, "gone")
    assert those_here(link, [person.id]) == set()


def test_who_has_streams_at_two_processes_is_here_until_the_last_is_closed(
    world: World, connect: Connect, own_redis: Redis, other_notify: Notify
) -> None:
    person, link = world.person(), RedisLink(own_redis.url, timeout=30)
    world.workspace(person)
    streams = [connect(person), connect(person, at=other_notify)]

    def processes() -> int:
        return int(link.client.zcard(HERE % person.id))

    for left in (2, 1):
        until(lambda left=left: processes() == left, 30, f"{left} processes")
        assert those_here(link, [person.id]) == {person.id}
        streams.pop().close()
    until(lambda: those_here(link, [person.id]) == set(), 30, "gone")


def test_of_a_process_that_was_killed_only_what_it_has_said_is_left(
    world: World, connect: Connect, own_redis: Redis, a_notify: Callable[..., Notify]
) -> None:
    person, link, process = world.person(), RedisLink(own_redis.url, timeout=30), a_notify()
    world.workspace(person)
    connect(person, at=process)
    until(lambda: last_here(link, person.id), 60, "here")
    process.kill()
    killed = time.time()
    time.sleep(1)
    seen = last_here(link, person.id)
    assert seen is not None
    assert seen <= killed + 1, "nothing is said of later"
