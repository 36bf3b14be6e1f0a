"""PostgreSQL: engines, sessions, and a deadline that no query outlives even when the network swallows it."""

import re
import select
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any, NamedTuple

import psycopg2.extras
import sqlalchemy.dialects.postgresql.psycopg2  # noqa: F401 - else each process loads it for itself, behind the fork
from psycopg2 import extensions
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

from fechatter.pool import FairPool

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


def seconds_left() -> float:
    """Until what runs here must have its answer; below zero when it is over."""
    return (getattr(_deadline, "until", None) or monotonic() + LONGEST_WAIT) - monotonic()


def _wait_by_poll(descriptor: int, writing: bool, seconds: float) -> None:
    poller = select.poll()
    poller.register(descriptor, select.POLLOUT if writing else select.POLLIN)
    poller.poll(seconds * 1000)


class Waiting(NamedTuple):
    """How this process looks at a socket: `wait(descriptor, writing, seconds)` returns when it is ready or the time is
    up; `poll()` makes an object of the standard library's kind, for a look without a wait."""

    wait: Callable[[int, bool, float], object] = _wait_by_poll
    poll: Callable[[], Any] = select.poll


_waiting = Waiting()


def wait_with(waiting: Waiting) -> None:
    """For a door in which many wait in one thread."""
    global _waiting
    _waiting = waiting


def _wait(connection: extensions.connection) -> None:
    """psycopg2 calls this instead of blocking; an exception closes the connection (a half-read answer is lost)."""
    until = getattr(_deadline, "until", None) or monotonic() + LONGEST_WAIT
    while (state := connection.poll()) != extensions.POLL_OK:
        left = until - monotonic()
        if left <= 0:
            raise psycopg2.OperationalError("PostgreSQL did not answer in time")
        _waiting.wait(connection.fileno(), state == extensions.POLL_WRITE, min(left, 60.0))


def _refuse_dropped(connection: extensions.connection, record: ConnectionPoolEntry, _: object) -> None:
    """A kept connection is silent; one that has something to say was closed from the other side, or is about to be.
    Looking at the socket finds that without the round trip of a ping; the pool then connects anew.

    A new one is taken as it is: of one that is dropped at once the statement says so, and the pool, which tries no
    third time, would raise what is no error of a database."""
    if "is kept" not in record.info:
        record.info["is kept"] = True
        return
    if not connection.closed:
        poller = _waiting.poll()
        poller.register(connection.fileno(), select.POLLIN)
    if connection.closed or poller.poll(0):
        raise InvalidatePoolError("PostgreSQL has closed the connection")


Parameters = Sequence[Any] | Mapping[str, Any]


def fetch(where: Engine | Connection, statement: str, parameters: Parameters = ()) -> Sequence[Sequence[Any]]:
    """The rows of one statement, for the busiest calls; `%s` or `%(name)s` in it stands for a parameter.

    Of an engine it commits by itself, on a connection that SQLAlchemy only lends: its own way there costs about as
    much as the statement does. Of a Connection it is part of what is under way there. Raises the same either way:
    SQLAlchemy's DBAPIError, and its TimeoutError where no connection is free.
    """
    if isinstance(where, Connection):
        return where.exec_driver_sql(statement, parameters).all()
    return _fetch_alone(where, statement, parameters)


def _fetch_alone(engine: Engine, statement: str, parameters: Parameters) -> list[tuple[Any, ...]]:
    try:
        pooled = engine.raw_connection()
    except psycopg2.Error as error:
        raise _as_sqlalchemy(engine, statement, error, is_lost=False) from error
    connection: Any = pooled.driver_connection
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchall()  # type: ignore[no-any-return]
    except psycopg2.Error as error:
        if is_lost := _is_lost(connection, error):
            pooled.invalidate(error)
        raise _as_sqlalchemy(engine, statement, error, is_lost) from error
    except BaseException as error:  # raised by what waits: half of the answer may still be under way
        pooled.invalidate(error)
        raise
    finally:
        if not connection.closed:
            connection.autocommit = False
        pooled.close()


def _is_lost(connection: extensions.connection, error: psycopg2.Error) -> bool:
    """Whether nobody knows if the statement was carried out: by PostgreSQL's codes for a connection and its own end."""
    return bool(connection.closed) or (error.pgcode or "").startswith(("08", "57P"))


def _as_sqlalchemy(engine: Engine, statement: str, error: psycopg2.Error, is_lost: bool) -> Exception:
    return DBAPIError.instance(
        statement, None, error, psycopg2.Error, True, connection_invalidated=is_lost, dialect=engine.dialect
    )


def _set_isolation(connection: extensions.connection, level: str) -> None:
    """psycopg2's own way back from autocommit asks the server for the default that it has anyway: a round trip."""
    connection.autocommit = level == "AUTOCOMMIT"


def make_engine(url: str, pool: int, name: str) -> Engine:
    """An engine that makes up to `pool` connections, when they are needed, and keeps them. Call it after the fork.

    None is made for a moment only: PostgreSQL starts a process for it, which then reads and plans everything anew.
    """
    extensions.set_wait_callback(_wait)
    engine = create_engine(
        normal_url(url),
        poolclass=FairPool,
        pool_size=pool,
        max_overflow=0,
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
