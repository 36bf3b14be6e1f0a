"""gunicorn's settings for web: `gunicorn --config app/gunicorn_settings.py wsgi:app`."""

import os
import shutil
import socket
import struct
import sys
import tempfile
from typing import Any

from gunicorn.glogging import Logger

from fechatter.config import BadConfig, read_config
from fechatter.logs import set_up_logging

try:
    told = read_config("web")
except BadConfig as bad:
    sys.exit(str(bad))

bind = f"{os.environ.get('HOST', '0.0.0.0')}:{os.environ.get('PORT', '8000')}"  # noqa: S104 - behind a router
workers = told.web_concurrency
worker_class = "gthread"
threads = told.web_threads
timeout = 30
graceful_timeout = 8  # the longest that a request may take is five seconds
keepalive = 30
control_socket_disable = True
limit_request_line = 8190
limit_request_fields = 100
limit_request_field_size = 8190
# Who stands in front of us is said by TRUSTED_PROXIES, for all headers alike.
forwarded_allow_ips = ""

STALLED = 10
"""Seconds that a thread waits for the next bytes of a client, each way."""

METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"

if told.metrics_token and METRICS_FOLDER not in os.environ:
    os.environ[METRICS_FOLDER] = tempfile.mkdtemp(prefix="fechatter-metrics-")


class logger_class(Logger):
    """gunicorn's own lines go the way of all others. It has no access log: that would show what paths hold."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        set_up_logging(told)


def when_ready(server: Any) -> None:
    """Accepted sockets inherit these: without them a client that vanishes in the middle of a body holds a thread."""
    limit = struct.pack("ll", STALLED, 0)
    for listener in server.LISTENERS:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)


def child_exit(server: Any, worker: Any) -> None:
    if METRICS_FOLDER in os.environ:
        # Not at the top: the library looks for the folder once, when it is imported.
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:
    if told.metrics_token and METRICS_FOLDER in os.environ:
        shutil.rmtree(os.environ[METRICS_FOLDER], ignore_errors=True)
