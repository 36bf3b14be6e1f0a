"""gunicorn's gevent worker for both HTTP doors: when told to end it waits for requests, but for no idle connection.

It imports nothing of ours: this is read before gevent patches the standard library, and what is imported before that
keeps the unpatched one, thread-local deadlines among it.
"""

from contextlib import suppress
from functools import partial
from socket import SHUT_RD
from typing import Any

import gevent
from gevent.event import Event
from gevent.pool import Pool
from gevent.server import StreamServer
from gunicorn.workers.ggevent import GeventWorker

MOMENT = 0.1
"""Seconds in which a request that is on the wire gets here."""


class Worker(GeventWorker):
    """gunicorn's own would go on accepting for a second after SIGTERM, and count a silent keep-alive connection as a
    request under way, until its master loses patience and kills it."""

    def init_process(self) -> None:
        self.told_to_end, self.idle = Event(), set[Any]()
        super().init_process()

    def handle_exit(self, sig: Any, frame: Any) -> None:
        super().handle_exit(sig, frame)
        self.told_to_end.set()

    def run(self) -> None:
        servers = [self._serve(listener) for listener in self.sockets]
        while self.alive:
            self.notify()
            self.told_to_end.wait(1)
        for server in servers:
            server.close()
        with gevent.Timeout(self.cfg.graceful_timeout, False):
            while any(len(server.pool) for server in servers):
                gevent.sleep(MOMENT)
                self._let_idle_ones_go()

    def _serve(self, listener: Any) -> StreamServer:
        listener.setblocking(1)
        server = StreamServer(listener, handle=partial(self.handle, listener), spawn=Pool(self.worker_connections))
        if self.cfg.workers > 1:
            server.max_accept = 1  # its siblings listen on the same socket
        server.start()
        return server

    def _let_idle_ones_go(self) -> None:
        """A request that has come in whole is still read behind this, and answered; then comes the end."""
        for sock in tuple(self.idle):
            with suppress(OSError):
                sock._sock.shutdown(SHUT_RD)  # gevent's own would fail the greenlet that reads

    def handle(self, listener: Any, client: Any, addr: Any) -> None:
        self.idle.add(client)
        try:
            super().handle(listener, client, addr)
        finally:
            self.idle.discard(client)

    def handle_request(self, listener_name: Any, req: Any, sock: Any, addr: Any) -> None:
        self.idle.discard(sock)
        super().handle_request(listener_name, req, sock, addr)
        self.idle.add(sock)
