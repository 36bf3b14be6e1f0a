"""What gunicorn's settings of both HTTP doors have in common.

It is read in gunicorn's master before gevent patches anything: nothing in here may keep a connection open, or import
what does.
"""

import gc
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from secrets import token_hex
from typing import Any

from gevent import monkey
from gunicorn import util
from gunicorn.glogging import Logger
from gunicorn.workers.ggevent import GeventWorker

from fechatter.config import BadConfig, Config, Door, read_config
from fechatter.durability import NotDurable, refuse_unsafe
from fechatter.logs import set_up_logging

METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def told(door: Door) -> Config:
    """The configuration, and a place for the metrics of several processes. Ends the process if it is not complete."""
    try:
        config = read_config(door)
    except BadConfig as bad:
        sys.exit(str(bad))
    if config.metrics_token and METRICS_FOLDER not in os.environ:
        os.environ[METRICS_FOLDER] = tempfile.mkdtemp(prefix="fechatter-metrics-")
    return config


def address(port: int) -> str:
    return f"{os.environ.get('HOST', '0.0.0.0')}:{os.environ.get('PORT', port)}"  # noqa: S104 - behind a router


def logger_for(config: Config) -> type[Logger]:
    """gunicorn's own lines go the way of all others. It has no access log: that would show what paths hold."""

    class OneWay(Logger):
        def setup(self, cfg: Any) -> None:
            super().setup(cfg)
            set_up_logging(config)

        def debug(self, msg: str, *args: Any, **kwargs: Any) -> None:
            """Nothing: it would tell of paths, and of what there is of a request that breaks off."""

        # Both lines show what the client has sent, and from where: tickets and tokens among it.

        def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
            refused = msg.startswith("Invalid request from ip=")
            super().warning("A request was refused: it is no HTTP." if refused else msg, *args, **kwargs)

        def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
            if msg.startswith("Error handling request"):
                msg, args = "A request failed outside the application.", ()
            super().exception(msg, *args, **kwargs)

    return OneWay


def starting(config: Config, house: str) -> Callable[[Any], None]:
    """Asked in the master, before the first worker. `house`: a module whose `lay_out` makes what all of them share."""

    def on_starting(server: Any) -> None:
        try:
            refuse_unsafe(config)  # a worker would end again and again
        except NotDurable as risk:
            sys.exit(str(risk))
        if issubclass(server.worker_class, GeventWorker):
            server.app.callable = _shared(house, config)

    return on_starting


def _shared(house: str, config: Config) -> Any:
    """Made once for all workers: what is not made anew in each of them is more than half of what a worker takes. What
    each makes for itself also fills the gaps that loading has left in memory, and so copies what lies around them.

    What gevent patches has to be patched before that, but for what the master needs as it is to look after its
    children; each worker patches that for itself.
    """
    monkey.patch_all(os=False, signal=False, subprocess=False)
    door = import_module(house).lay_out(config)
    gc.collect()
    gc.freeze()
    return door


def child_exit(server: Any, worker: Any) -> None:
    if METRICS_FOLDER in os.environ:
        # Not at the top: the library looks for the folder once, when it is imported.
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:
    if METRICS_FOLDER in os.environ:
        shutil.rmtree(os.environ[METRICS_FOLDER], ignore_errors=True)


def _write_problem(sock: Any, status: int, reason: str, words: str) -> None:
    """What gunicorn refuses before it reaches us (a request line too long, headers that are none) has our form too."""
    problem = {
        "type": "about:blank",
        "title": reason,
        "status": status,
        "detail": "The server could not read this as an HTTP request.",
        "code": "unreadable_request",
        "request_id": token_hex(16),
    }
    body = json.dumps(problem).encode()
    head = (
        f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n"
        f"X-Request-ID: {problem['request_id']}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    util.write_nonblock(sock, head.encode("latin-1") + body)


# gunicorn has no setting for the form of its own errors.
util.write_error = _write_problem
