"""gunicorn's gevent worker, which lets go of connections that were handed over.

It imports nothing of ours: this is read before gevent patches the standard library, and what is imported before
that keeps the unpatched one, thread-local deadlines among it.
"""

from typing import Any

from gunicorn.workers.ggevent import GeventWorker


class Worker(GeventWorker):
    """Lets the hub say goodbye before the process ends."""

    def handle_request(self, listener_name: Any, req: Any, sock: Any, addr: Any) -> None:
        super().handle_request(listener_name, req, sock, addr)
        if sock.fileno() < 0:  # detached: there is no next request to wait for
            raise StopIteration

    def run(self) -> None:
        super().run()  # until it was told to end and has answered what came before
        self.wsgi.extensions["fechatter"].say_goodbye()
