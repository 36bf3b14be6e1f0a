"""Real notify processes (gunicorn, gevent) on the run's database and a Redis of their own, and people who act
through the product itself."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
import redis as redis_client
from sqlalchemy import Engine

from fechatter.feed.placed import CHANNEL, Batch, write_batch
from launcher.redis import Redis
from launcher.servers import kind_from_environment, wait_until_ready
from tests.notify.raw_stream import RawStream
from tests.ports import free_port
from tests.stream_client import StreamClient
from tests.world import Person, World


class Notify:
    """One process of the notify door, that tests may stop and start."""

    def __init__(self, database_url: str, redis_url: str, **more: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environ = os.environ | {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "PORT": str(self.port),
            "HOST": "127.0.0.1",
            "PUBLIC_URL": "http://localhost:1",
            "WEB_CONCURRENCY": "1",
            "LOG_LEVEL": "WARNING",
            **more,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, before: Callable[[], None] | None = None) -> "Notify":
        """`before` runs in the process before gunicorn does."""
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "--config",
            "notify/gunicorn_settings.py",
            "notify.wsgi:application",
        ]
        self.process = subprocess.Popen(command, env=self.environ, start_new_session=True, preexec_fn=before)
        for _ in range(400):
            assert self.process.poll() is None, "notify did not start"
            try:
                if httpx.get(f"{self.url}/healthz", timeout=1).status_code == 200:
                    return self
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError("notify does not answer")

    def send(self, number: int) -> None:
        assert self.process
        os.killpg(self.process.pid, number)

    def stop(self) -> None:
        """As under a debugger, or on a machine that swaps: everything stays as it is."""
        self.send(signal.SIGSTOP)

    def go_on(self) -> None:
        self.send(signal.SIGCONT)

    def kill(self, how: int = signal.SIGKILL) -> None:
        assert self.process
        if self.process.poll() is None:
            self.send(how)
            self.process.wait(10)

    def descriptors(self) -> int:
        """How many files and sockets the worker has open."""
        assert self.process
        workers = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in workers)


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
def publish(own_redis: Redis) -> Iterator[Callable[[Batch], object]]:
    """What a worker does with a batch that it has relayed."""
    with redis_client.Redis.from_url(own_redis.url) as client:
        yield lambda batch: client.publish(CHANNEL % batch.workspace_id, write_batch(batch))


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


@pytest.fixture(scope="session")
def redis_url() -> str:
    return os.environ["REDIS_URL"]
