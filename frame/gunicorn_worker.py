"""gunicorn's gevent worker for both HTTP doors: it waits for no idle connection, and for no slow one.

It imports nothing of ours but its request and its response: this is read before gevent patches the standard library,
and what is imported before that keeps the unpatched one, thread-local deadlines among it.
"""

from contextlib import suppress
from functools import partial
from socket import SHUT_RD
from time import monotonic
from typing import Any
from warnings import catch_warnings

import gevent
from gevent.event import Event
from gevent.monkey import MonkeyPatchWarning
from gevent.pool import Pool
from gevent.server import StreamServer
from gevent.socket import socket
from gunicorn.workers.ggevent import GeventWorker

from frame import gunicorn_request, gunicorn_response

MOMENT = 0.1
"""Seconds in which a request that is on the wire gets here."""

LONGEST_HEAD = 5.0
"""Seconds from the first byte of a request to the end of its head. How long a connection may be idle before that first
byte is gunicorn's `keepalive`."""

CROWDED = 0.75
"""The share of `worker_connections` that may wait for a request; beyond it who has waited longest is let go."""


class Connection(socket):
    """A client's. `head_since`: when the first bytes came of the request that it waits for; None if there are none."""

    __slots__ = ("head_since",)
    head_since: float | None

    def recv(self, *args: Any) -> bytes:
        data: bytes = super().recv(*args)
        if self.head_since is None:
            self.head_since = monotonic()
        return data


class Worker(GeventWorker):
    """gunicorn's own would go on accepting for a second after SIGTERM, and count a silent keep-alive connection as a
    request under way, until its master loses patience and kills it."""

    def init_process(self) -> None:
        self.told_to_end, self.waiting = Event(), dict[Connection, None]()
        keep_settings(self.cfg)
        super().init_process()

    def patch(self) -> None:
        with catch_warnings(action="ignore", category=MonkeyPatchWarning):  # the master has begun it
            super().patch()

    def load_wsgi(self) -> None:
        super().load_wsgi()
        self.wsgi.begin()

    def handle_exit(self, sig: Any, frame: Any) -> None:
        super().handle_exit(sig, frame)
        self.told_to_end.set()

    def run(self) -> None:
        servers = [self._serve(listener) for listener in self.sockets]
        while self.alive:
            self.notify()
            self._cut_half_sent()
            self.told_to_end.wait(1)
        for server in servers:
            server.close()
        with gevent.Timeout(self.cfg.graceful_timeout, False):
            while any(len(server.pool) for server in servers):
                gevent.sleep(MOMENT)
                for connection in tuple(self.waiting):
                    let_go(connection)

    def _serve(self, listener: Any) -> StreamServer:
        listener.setblocking(1)
        server = StreamServer(listener, handle=partial(self.handle, listener), spawn=Pool(self.worker_connections))
        if self.cfg.workers > 1:
            server.max_accept = 1  # its siblings listen on the same socket
        server.start()
        return server

    def _cut_half_sent(self) -> None:
        long_ago = monotonic() - LONGEST_HEAD
        for connection in tuple(self.waiting):
            if connection.head_since is not None and connection.head_since < long_ago:
                let_go(connection)

    def _make_room(self) -> None:
        """Or else whoever opens connections and leaves them idle would lock everyone out."""
        while len(self.waiting) > CROWDED * self.worker_connections:
            longest = next(iter(self.waiting))
            del self.waiting[longest]
            let_go(longest)

    def handle(self, listener: Any, client: Any, addr: Any) -> None:
        connection = Connection(client.family, client.type, client.proto, client.detach())
        self._wait_for_request(connection)
        self._make_room()
        try:
            super().handle(listener, connection, addr)
        finally:
            self.waiting.pop(connection, None)

    def handle_request(self, listener_name: Any, req: Any, sock: Any, addr: Any) -> None:
        self.waiting.pop(sock, None)
        super().handle_request(listener_name, req, sock, addr)
        self._wait_for_request(sock)

    def _wait_for_request(self, connection: Connection) -> None:
        connection.head_since = None
        self.waiting[connection] = None


# Importing them puts them in their place.
assert gunicorn_request.Request
assert gunicorn_response.Response


def keep_settings(config: Any) -> None:
    """As attributes of the configuration, which looks each of them up by two calls: a request asks for twenty."""
    vars(config).update({name: setting.get() for name, setting in config.settings.items()})


def let_go(connection: Connection) -> None:
    """A request that has come in whole is still read behind this, and answered; then comes the end."""
    with suppress(OSError):
        connection._sock.shutdown(SHUT_RD)  # gevent's own would fail the greenlet that reads
