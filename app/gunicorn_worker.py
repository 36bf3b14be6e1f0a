"""The worker of web puts an end to every request. It imports nothing that gevent patches."""

import socket
from typing import Any

import gevent
from gevent.server import StreamServer

from frame import gunicorn_worker

LONGEST = 30
"""Seconds in which a body must have come and the answer be taken; the head of a request has its own limit."""

UNREAD = 256 * 1024
"""Bytes of an answer that the kernel keeps for a reader: it would take megabytes, which `in_flight` does not see."""


class Worker(gunicorn_worker.Worker):
    def _serve(self, listener: Any) -> StreamServer:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, UNREAD)  # what it accepts has the same
        return super()._serve(listener)

    def handle_request(self, listener_name: Any, req: Any, sock: Any, addr: Any) -> None:
        with gevent.Timeout(LONGEST, False):
            super().handle_request(listener_name, req, sock, addr)
            return
        raise StopIteration  # gunicorn's word for: close the connection
