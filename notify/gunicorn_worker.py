"""The worker of notify lets go of connections that were handed over. It imports nothing that gevent patches."""

import resource
from typing import Any

import gevent
from gevent import Greenlet

from frame import gunicorn_worker


class Worker(gunicorn_worker.Worker):
    """Lets the hub say goodbye before the process ends, and takes as many sockets as the system lets it."""

    goodbye: Greenlet | None = None

    def init_process(self) -> None:
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        super().init_process()

    def handle_request(self, listener_name: Any, req: Any, sock: Any, addr: Any) -> None:
        super().handle_request(listener_name, req, sock, addr)
        if sock.fileno() < 0:  # detached: there is no next request to wait for
            raise StopIteration

    def handle_exit(self, sig: Any, frame: Any) -> None:
        """At once: what waits for requests under way may wait for seconds."""
        super().handle_exit(sig, frame)
        if self.goodbye is None and getattr(self, "wsgi", None):  # not while it is still being loaded
            self.goodbye = gevent.spawn(self.wsgi.extensions["fechatter"].say_goodbye)

    def run(self) -> None:
        super().run()
        if self.goodbye:
            self.goodbye.join()
