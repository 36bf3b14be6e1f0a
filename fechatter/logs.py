"""Logging, the same in every process: JSON lines in production, readable ones in development."""

import logging
import sys
from contextvars import ContextVar

from pythonjsonlogger.json import JsonFormatter

from fechatter.config import Config

log_context: ContextVar[dict[str, object] | None] = ContextVar("log_context", default=None)
"""What every line says beside its own words, while it is set: `request_id`."""

READABLE = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
CHATTY = ("celery.app.trace", "celery.worker.strategy", "kombu", "amqp", "alembic.runtime.plugins")
"""They tell of each task, or each plugin, at INFO."""


class _Context(logging.Filter):
    """Adds the context to lines of whatever logger."""

    def filter(self, record: logging.LogRecord) -> bool:
        for name, value in (log_context.get() or {}).items():
            setattr(record, name, value)
        return True


def set_up_logging(config: Config) -> None:
    """Call it once at the start of a process, after its framework has set up loggers of its own."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_Context())
    handler.setFormatter(_json() if config.in_production else logging.Formatter(READABLE))
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(config.log_level)
    gunicorn = logging.getLogger("gunicorn.error")
    gunicorn.handlers.clear()
    gunicorn.propagate = True
    for name in CHATTY:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.root.level))


def _json() -> JsonFormatter:
    return JsonFormatter(
        ["levelname", "name", "message"],
        rename_fields={"levelname": "level", "name": "logger", "exc_info": "exception"},
        reserved_attrs=[*logging.LogRecord("", 0, "", 0, "", (), None).__dict__, "message", "asctime", "taskName"],
        timestamp="time",
    )
