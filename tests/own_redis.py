"""A Redis that a test may stop, kill and start again, since nobody else uses it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from launcher.redis import Redis
from launcher.servers import kind_from_environment, wait_until_ready
from tests.family import stopped


class OwnRedis:
    """Not running until `start`. What it held is lost when it ends."""

    def __init__(self, server: Redis, log: Path) -> None:
        self.server, self.process, self.log, self.url = server, server.process, log, server.url

    def client(self) -> "redis.Redis":
        return redis.Redis.from_url(self.url, socket_timeout=30)

    def start(self) -> "OwnRedis":
        self.process.start()
        wait_until_ready(self.process, self.server.is_ready, self.log)
        return self

    def kill(self) -> None:
        if self.process.is_alive:
            self.process.kill()

    @contextmanager
    def stopped(self, seconds: float = 0) -> Iterator[None]:
        """SIGSTOP: connections stay open and nothing answers; for these seconds and the block."""
        with stopped(self.process.pid):
            time.sleep(seconds)
            yield


@contextmanager
def own_redis(folder: Path) -> Iterator[OwnRedis]:
    log = folder / "redis.log"
    with open(log, "ab") as output:
        server = OwnRedis(Redis(folder / "redis", kind_from_environment(), output=output.fileno()), log)
        try:
            yield server
        finally:
            server.kill()
