"""gunicorn's settings for web: `gunicorn --config app/gunicorn_settings.py wsgi:app`."""

import socket
import struct
from typing import Any

from frame.serving import address, child_exit, logger_for, on_exit, told

here = told("web")

bind = address(8000)
workers = here.web_concurrency
worker_class = "gthread"
threads = here.web_threads
timeout = 30
graceful_timeout = 8  # the longest that a request may take is five seconds
keepalive = 30
control_socket_disable = True
limit_request_line = 8190
limit_request_fields = 100
limit_request_field_size = 8190
# Who stands in front of us is said by TRUSTED_PROXIES, for all headers alike.
forwarded_allow_ips = ""
logger_class = logger_for(here)

STALLED = 10
"""Seconds that a thread waits for the next bytes of a client, each way."""


def when_ready(server: Any) -> None:
    """Accepted sockets inherit these: without them a client that vanishes in the middle of a body holds a thread."""
    limit = struct.pack("ll", STALLED, 0)
    for listener in server.LISTENERS:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)


__all__ = ["child_exit", "on_exit"]
