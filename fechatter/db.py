"""PostgreSQL: engines, sessions, and a deadline that no query outlives even when the network swallows it."""

import re
import select
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

import psycopg2
from psycopg2 import extensions
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import Session, sessionmaker

LONGEST_WAIT = 10.0
"""Seconds that one statement may take where no narrower deadline is set."""

_deadline = threading.local()


def normal_url(url: str) -> str:
    """The URL for SQLAlchemy: `postgres://` and `postgresql://` mean psycopg2 here, in every process."""
    return re.sub(r"^(postgres|postgresql)(\+psycopg2)?://", "postgresql+psycopg2://", url)


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Within this block every wait for PostgreSQL ends after `seconds` at the latest, with OperationalError."""
    before = getattr(_deadline, "until", None)
    _deadline.until = monotonic() + seconds
    try:
        yield
    finally:
        _deadline.until = before


def start_deadline(seconds: float | None) -> None:
    """Like `deadline`, for a door whose requests begin and end in hooks; None lifts it."""
    _deadline.until = None if seconds is None else monotonic() + seconds


def _wait(connection: extensions.connection) -> None:
    """psycopg2 calls this instead of blocking; an exception closes the connection (a half-read answer is lost).

    Under gevent `select.poll` is the patched one, so that only the greenlet waits.
    """
    until = getattr(_deadline, "until", None) or monotonic() + LONGEST_WAIT
    while (state := connection.poll()) != extensions.POLL_OK:
        left = until - monotonic()
        if left <= 0:
            raise psycopg2.OperationalError("PostgreSQL did not answer in time")
        poller = select.poll()
        poller.register(connection.fileno(), select.POLLIN if state == extensions.POLL_READ else select.POLLOUT)
        poller.poll(min(left, 60.0) * 1000)


def _refuse_dropped(connection: extensions.connection, *_: object) -> None:
    """A kept connection is silent; one that has something to say was closed from the other side, or is about to be.
    Looking at the socket finds that without the round trip of a ping; the pool then connects anew."""
    poller = select.poll()
    if not connection.closed:
        poller.register(connection.fileno(), select.POLLIN)
    if connection.closed or poller.poll(0):
        raise InvalidatePoolError("PostgreSQL has closed the connection")


def _set_isolation(connection: extensions.connection, level: str) -> None:
    """psycopg2's own way back from autocommit asks the server for the default that it has anyway: a round trip."""
    connection.autocommit = level == "AUTOCOMMIT"


def make_engine(url: str, pool: int, name: str, spare: int = 0) -> Engine:
    """An engine with `pool` kept connections and `spare` more in need. Call it after the fork."""
    extensions.set_wait_callback(_wait)
    engine = create_engine(
        normal_url(url),
        pool_size=pool,
        max_overflow=spare,
        pool_timeout=3,
        pool_recycle=1800,
        use_native_hstore=False,
        # Errors end up in logs; what people wrote must not.
        hide_parameters=True,
        connect_args={
            "connect_timeout": 3,
            "application_name": f"fechatter {name}",
            "keepalives": 1,
            "keepalives_idle": 10,
            "keepalives_interval": 3,
            "keepalives_count": 3,
            "tcp_user_timeout": 8000,
        },
    )
    event.listen(engine, "checkout", _refuse_dropped)
    engine.dialect.set_isolation_level = _set_isolation  # type: ignore[method-assign,assignment]
    return engine


def make_sessions(engine: Engine) -> sessionmaker[Session]:
    """Sessions whose objects stay readable after the commit; nothing is flushed behind the back of a lock."""
    return sessionmaker(engine, expire_on_commit=False)
