"""gunicorn's gevent worker with an end to every request. It imports nothing of ours: gevent has not patched yet."""

from typing import Any

import gevent
from gunicorn.workers.ggevent import GeventWorker

LONGEST = 30
"""Seconds in which a body must have come and the answer be taken; the head of a request has its own limit."""


class Worker(GeventWorker):
    def handle_request(self, listener_name: Any, req: Any, sock: Any, addr: Any) -> None:
        with gevent.Timeout(LONGEST, False):
            super().handle_request(listener_name, req, sock, addr)
            return
        raise StopIteration  # gunicorn's word for: close the connection
