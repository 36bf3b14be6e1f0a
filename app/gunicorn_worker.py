"""The worker of web puts an end to every request. It imports nothing that gevent patches."""

from typing import Any

import gevent

from frame import gunicorn_worker

LONGEST = 30
"""Seconds in which a body must have come and the answer be taken; the head of a request has its own limit."""


class Worker(gunicorn_worker.Worker):
    def handle_request(self, listener_name: Any, req: Any, sock: Any, addr: Any) -> None:
        with gevent.Timeout(LONGEST, False):
            super().handle_request(listener_name, req, sock, addr)
            return
        raise StopIteration  # gunicorn's word for: close the connection
