"""Listens to Redis for all workspaces of this process on one connection, and takes all that a read brings at once.

Every confirmed subscription, also one made again after a broken connection, means that messages may have been
missed. A connection that does not answer a PING is dropped, since a silent one looks just like a quiet one.
"""

import logging
from collections.abc import Callable
from time import monotonic
from typing import Any

import gevent
import hiredis
from gevent.exceptions import ConcurrentObjectUseError
from redis import ConnectionPool
from redis.exceptions import RedisError

from fechatter.feed.passing import Passing, read_passing
from fechatter.feed.placed import CHANNEL, PASSING, Batch, read_batch

log = logging.getLogger(__name__)

PING_EVERY = 1.0
LONGEST_SILENCE = 2.5
"""Seconds without a PONG (or anything else) after which the connection is taken for dead."""

AGAIN_AFTER = 0.3
RECEIVE = 256 * 1024


class Subscriber:
    """One for the process; `tell` it who listens before it runs."""

    def __init__(self, url: str) -> None:
        self.pool = ConnectionPool.from_url(
            url, protocol=2, socket_timeout=5, socket_connect_timeout=2, health_check_interval=0
        )
        self.put: Callable[[Batch | Passing], None] = lambda item: None
        self.missed: Callable[[int], None] = lambda workspace_id: None
        self.workspaces: set[int] = set()
        self.connection: Any = None
        self.heard = 0.0

    def tell(self, put: Callable[[Batch | Passing], None], missed: Callable[[int], None]) -> None:
        """Who gets what is heard, and who is told of what may have been missed."""
        self.put, self.missed = put, missed

    def subscribe(self, workspace_id: int) -> None:
        """Never waits: with Redis away the workspace is subscribed as soon as it is back."""
        self.workspaces.add(workspace_id)
        self._say("SUBSCRIBE", *_channels(workspace_id))

    def unsubscribe(self, workspace_id: int) -> None:
        self.workspaces.discard(workspace_id)
        self._say("UNSUBSCRIBE", *_channels(workspace_id))

    def run(self) -> None:
        """Connects, reads until the connection breaks, and begins again; forever."""
        away = False
        while True:
            try:
                self._listen()
            except (RedisError, OSError, hiredis.HiredisError) as error:
                if not away:
                    log.warning("no events from Redis: %s; reading the feeds instead", type(error).__name__)
                away = self.connection is None
            except Exception:
                log.exception("listening to Redis failed")
            finally:
                self._drop()
            gevent.sleep(AGAIN_AFTER)

    def ping(self) -> None:
        """Keeps the connection honest; forever."""
        while True:
            gevent.sleep(PING_EVERY)
            if self.connection is not None:
                if monotonic() - self.heard > LONGEST_SILENCE:
                    self._drop()
                else:
                    self._say("PING")

    def _listen(self) -> None:
        connection = self.pool.make_connection()
        connection.connect()  # authentication, TLS and the database's number are redis-py's job
        sock = connection._sock  # kept: a connection that was dropped meanwhile has none
        sock.settimeout(None)
        self.connection, self.heard = connection, monotonic()
        for workspace_id in list(self.workspaces):
            self._say("SUBSCRIBE", *_channels(workspace_id))
        reader = hiredis.Reader()
        while data := sock.recv(RECEIVE):
            self.heard = monotonic()
            reader.feed(data)
            while (message := reader.gets()) is not False:
                self._take(message)

    def _take(self, message: Any) -> None:
        if not isinstance(message, list) or len(message) != 3:
            return
        kind, channel, data = message
        if kind == b"message":
            try:
                self.put(read_batch(data) if channel.startswith(b"feed:") else read_passing(data))
            except (ValueError, TypeError):  # not one of ours: of another version, or by another hand
                log.warning("a message from Redis cannot be read")
        elif kind == b"subscribe" and channel.startswith(b"feed:"):
            self.missed(int(channel.removeprefix(b"feed:")))

    def _say(self, *words: str) -> None:
        """Straight to the socket: redis-py would connect a broken connection again, without its subscriptions."""
        connection = self.connection
        if connection is None or connection._sock is None:
            return
        try:
            connection._sock.sendall(b"".join(connection.pack_command(*words)))
        except (OSError, ConcurrentObjectUseError):  # a Redis that takes nothing any more
            self._drop()

    def _drop(self) -> None:
        connection, self.connection = self.connection, None
        if connection is not None:
            connection.disconnect()


def _channels(workspace_id: int) -> tuple[str, str]:
    return CHANNEL % workspace_id, PASSING % workspace_id
