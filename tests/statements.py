"""What is sent to PostgreSQL, seen at the driver, where every road passes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg2.extensions import cursor
from sqlalchemy import Engine, event


@contextmanager
def statements_of(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """All queries with their parameters, on connections that are taken from the pool within the block."""
    sent: list[tuple[str, Any]] = []

    class Noting(cursor):
        def execute(self, query: Any, vars: Any = None) -> None:
            if "SAVEPOINT" not in query:
                sent.append((query, vars))
            super().execute(query, vars)

    def note(connection: Any, *_: Any) -> None:
        connection.cursor_factory = Noting

    def forget(connection: Any, *_: Any) -> None:
        if connection is not None:
            connection.cursor_factory = None

    listeners = (("checkout", note), ("checkin", forget))
    for name, listener in listeners:
        event.listen(engine, name, listener)
    try:
        yield sent
    finally:
        for name, listener in listeners:
            event.remove(engine, name, listener)
