"""Two writes that overlap for certain: the second begins while the first is done but not yet committed."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from fechatter.errors import ChatError

Write = Callable[[Session], Any]


class Outcome(NamedTuple):
    """What a write returned or what it was refused with, and whether it had to wait for the other."""

    value: Any = None
    refusal: ChatError | None = None
    waited: bool = False


def overlap(engine: Engine, first: Write, second: Write, then: Write | None = None) -> tuple[Outcome, Outcome]:
    """Both must end in an answer or a refusal; any other exception, a deadlock too, is the test's failure.

    `then` is the first one's other half, done once the second waits.
    """
    with ThreadPoolExecutor(1) as threads, engine.connect() as one, engine.connect() as two:
        done = _run(one, first)
        pid = two.connection.dbapi_connection.info.backend_pid  # type: ignore[union-attr]
        running = threads.submit(lambda: _commit(two, second))
        waited = _waits(engine, pid, running)
        if then:
            done = _run(one, then)
        if done.refusal:
            one.rollback()
        else:
            one.commit()
        return done, running.result()._replace(waited=waited)


def _run(connection: Connection, write: Write) -> Outcome:
    session = Session(connection, expire_on_commit=False)
    try:
        value = write(session)
        session.flush()
    except ChatError as refusal:
        return Outcome(refusal=refusal)
    return Outcome(value)


def _commit(connection: Connection, write: Write) -> Outcome:
    outcome = _run(connection, write)
    if outcome.refusal:
        connection.rollback()
    else:
        connection.commit()
    return outcome


def _waits(engine: Engine, pid: int, running: "Future[Outcome]") -> bool:
    """Returns once this backend waits for a lock (True) or its write has ended (False)."""
    query = text("SELECT cardinality(pg_blocking_pids(:pid)) > 0")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        until = time.monotonic() + 60
        while not running.done() and time.monotonic() < until:
            if connection.scalar(query, {"pid": pid}):
                return True
            time.sleep(0.005)
    return False
