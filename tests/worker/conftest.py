"""A worker as the Procfile runs it, on the run's database and a Redis of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doors import Door
from tests.own_redis import OwnRedis, own_redis


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
