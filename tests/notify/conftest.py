"""Real notify processes (gunicorn, gevent) on the run's database and a Redis of their own, and people who act
through the product itself."""

import os
import signal
from collections.abc import Callable, Iterator, Sequence

import pytest
import redis as redis_client
from sqlalchemy import Engine

from fechatter.feed.placed import CHANNEL, Batch, write_batch
from launcher.redis import Redis
from launcher.servers import kind_from_environment, wait_until_ready
from tests.notify.process import Notify
from tests.notify.raw_stream import RawStream
from tests.notify.team import Team
from tests.stream_client import StreamClient
from tests.world import Person, World


@pytest.fixture(scope="package")
def own_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    """A Redis that tests may kill, stop and empty."""
    folder = tmp_path_factory.mktemp("redis")
    server = Redis(folder / "redis", kind_from_environment())
    with server.process:
        wait_until_ready(server.process, server.is_ready, folder / "redis" / "redis.log")
        yield server


@pytest.fixture(scope="package")
def notify(database_url: str, own_redis: Redis) -> Iterator[Notify]:
    notify = Notify(database_url, own_redis.url).start()
    yield notify
    notify.kill(signal.SIGTERM)


@pytest.fixture(scope="package")
def second_notify(database_url: str, own_redis: Redis) -> Iterator[Notify]:
    """Another process behind the same balancer."""
    notify = Notify(database_url, own_redis.url).start()
    yield notify
    notify.kill(signal.SIGTERM)


@pytest.fixture(scope="package")
def forgetful_notify(database_url: str, own_redis: Redis) -> Iterator[Notify]:
    """One more, that reads from PostgreSQL for each stream by itself what came before it followed a feed."""
    notify = Notify(database_url, own_redis.url, "tests/notify/forgetful.py").start()
    yield notify
    notify.kill(signal.SIGTERM)


@pytest.fixture
def other_notify(second_notify: Notify) -> Iterator[Notify]:
    """The second process, for tests that stop it."""
    yield second_notify
    second_notify.go_on()


@pytest.fixture
def a_notify(database_url: str, own_redis: Redis) -> Iterator[Callable[..., Notify]]:
    """Starts processes for one test alone, which may end them."""
    started: list[Notify] = []

    def start(before: Callable[[], None] | None = None, **more: str) -> Notify:
        started.append(Notify(database_url, own_redis.url, **more))
        return started[-1].start(before)

    yield start
    for notify in started:
        notify.kill()


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine)


@pytest.fixture
def publish(own_redis: Redis) -> Iterator[Callable[[Sequence[Batch]], object]]:
    """What a worker does with what it has relayed."""
    with redis_client.Redis.from_url(own_redis.url) as client:
        yield lambda batches: [client.publish(CHANNEL % batch.workspace_id, write_batch(batch)) for batch in batches]


@pytest.fixture
def listen(notify: Notify) -> Iterator[Callable[..., StreamClient]]:
    """Opens a stream of a person and waits for its `ready` (or `reset`)."""
    opened: list[StreamClient] = []

    def open_stream(person: Person, cursor: str | None = None, at: str | None = None) -> StreamClient:
        client = StreamClient(at or notify.url, person.token, cursor)
        opened.append(client)
        return client

    yield open_stream
    for client in opened:
        client.close()


@pytest.fixture
def connect(notify: Notify) -> Iterator[Callable[..., RawStream]]:
    """Asks for a stream of a person, and reads nothing of it yet."""
    opened: list[RawStream] = []

    def open_stream(person: Person, cursor: str | None = None, at: Notify | None = None, **more: int) -> RawStream:
        opened.append(RawStream((at or notify).port, person.token, cursor, **more))
        return opened[-1]

    yield open_stream
    for stream in opened:
        stream.close()


@pytest.fixture
def team(
    world: World,
    connect: Callable[..., RawStream],
    publish: Callable[[Sequence[Batch]], object],
    second_notify: Notify,
    forgetful_notify: Notify,
) -> Team:
    return Team(world, connect, publish, [second_notify, forgetful_notify])


@pytest.fixture(scope="session")
def redis_url() -> str:
    return os.environ["REDIS_URL"]
