"""What notify says of who is here is what the worker goes by when it tells those who are not."""

import time
from collections.abc import Callable

from fechatter.feed.here import last_here
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
    began = time.time()
    stream = connect(person)
    until(lambda: last_here(link, person.id), 60, "here")
    assert began - 1 < (last_here(link, person.id) or 0) <= time.time() + 1
    stream.close()
    until(lambda: last_here(link, person.id) is None, 60, "gone")


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
