"""A real notify process (gunicorn, gevent) on the run's database, and people who act through the product itself."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from sqlalchemy import Engine

from tests.ports import free_port
from tests.stream_client import StreamClient
from tests.world import Person, World


class Notify:
    """One process of the notify door, that tests may stop and start."""

    def __init__(self, database_url: str, redis_url: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environ = os.environ | {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "PORT": str(self.port),
            "HOST": "127.0.0.1",
            "PUBLIC_URL": "http://localhost:1",
            "WEB_CONCURRENCY": "1",
            "LOG_LEVEL": "INFO",
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Notify":
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "--config",
            "notify/gunicorn_settings.py",
            "notify.wsgi:application",
        ]
        self.process = subprocess.Popen(command, env=self.environ, start_new_session=True)
        for _ in range(200):
            try:
                if httpx.get(f"{self.url}/healthz", timeout=1).status_code == 200:
                    return self
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError("notify did not start")

    def kill(self, how: int = signal.SIGKILL) -> None:
        assert self.process
        os.killpg(self.process.pid, how)
        self.process.wait(10)


@pytest.fixture(scope="package")
def notify(database_url: str) -> Iterator[Notify]:
    notify = Notify(database_url, os.environ["REDIS_URL"]).start()
    yield notify
    notify.kill(signal.SIGTERM)


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine)


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


@pytest.fixture(scope="session")
def redis_url() -> str:
    return os.environ["REDIS_URL"]
