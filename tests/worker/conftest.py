"""A worker as the Procfile runs it, on the run's database and a Redis of its own."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from launcher.paths import PROJECT
from launcher.process import Process
from launcher.procfile import read_procfile, shell_command
from tests.own_redis import OwnRedis, own_redis

JUST_THESE = ("PATH", "HOME")


class Door:
    """A line of the Procfile with the environment that it needs, and no more."""

    def __init__(self, name: str, log: Path, **variables: str) -> None:
        self.log = log
        self.process = Process(
            name,
            shell_command(read_procfile(PROJECT / "Procfile")[name]),
            environment={key: os.environ[key] for key in JUST_THESE if key in os.environ} | variables,
            output=os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND),
        )

    def said(self) -> str:
        return self.log.read_text()

    def until_it_says(self, words: str, seconds: float = 15) -> None:
        until(lambda: words in self.said(), seconds, f"{words!r} in its log")


def until(is_so: Callable[[], object], seconds: float, what: str) -> float:
    """How many seconds it took."""
    start = time.monotonic()
    while not is_so():
        assert time.monotonic() - start < seconds, f"after {seconds} s still not: {what}"
        time.sleep(0.01)
    return time.monotonic() - start


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[OwnRedis]:
    """Not started."""
    with own_redis(tmp_path) as server:
        yield server


@pytest.fixture
def worker(tmp_path: Path, database_url: str, redis: OwnRedis) -> Iterator[Door]:
    """Started, with Redis still away."""
    door = Door("worker", tmp_path / "worker.log", DATABASE_URL=database_url, REDIS_URL=redis.url)
    with door.process:
        yield door
