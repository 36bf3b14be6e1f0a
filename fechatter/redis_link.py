"""Redis behind one breaker: the first failure closes the way for all, a background probe opens it again."""

import logging
import threading
from collections.abc import Callable
from time import sleep
from typing import TypeVar

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = logging.getLogger(__name__)

T = TypeVar("T")

PROBE_EVERY = 0.5
"""Seconds between the probes of a Redis that is away."""


class RedisAway(Exception):
    """Redis did not answer, now or a moment ago: go on without it."""


class RedisLink:
    """All uses of Redis in one process; only the background probe ever waits for one that is away.

    Make it after the fork. `timeout` (seconds) bounds connecting and each answer.
    """

    def __init__(self, url: str, timeout: float = 0.25) -> None:
        self.client = Redis.from_url(
            url, socket_timeout=timeout, socket_connect_timeout=timeout, retry=Retry(NoBackoff(), 0)
        )
        self._away = threading.Event()
        self._lock = threading.Lock()

    @property
    def is_away(self) -> bool:
        return self._away.is_set()

    def call(self, use: Callable[[Redis], T]) -> T:
        """What `use(client)` returns. Raises RedisAway, at once while Redis is known to be away."""
        if self._away.is_set():
            raise RedisAway
        try:
            return use(self.client)
        except (RedisError, OSError) as error:
            self._open(error)
            raise RedisAway from error

    def _open(self, error: Exception) -> None:
        with self._lock:
            if self._away.is_set():
                return
            self._away.set()
        # The type alone: messages of redis-py name the address, which may hold a password.
        log.warning("Redis is away: %s", type(error).__name__)
        threading.Thread(target=self._probe, name="redis-probe", daemon=True).start()

    def _probe(self) -> None:
        while True:
            sleep(PROBE_EVERY)
            try:
                self.client.ping()
            except (RedisError, OSError):
                continue
            self._away.clear()
            log.warning("Redis is back")
            return
