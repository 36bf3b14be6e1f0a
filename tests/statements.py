"""What is sent to PostgreSQL, by whichever road: SQLAlchemy's, or straight to the driver."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg2.extensions import cursor as Cursor
from sqlalchemy import Engine, event


@contextmanager
def statements_of(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """All queries within the block on connections that are taken from the engine within it, with their values."""
    sent: list[tuple[str, Any]] = []

    class Noting(Cursor):
        def execute(self, statement: Any, values: Any = None) -> None:
            if "SAVEPOINT" not in statement:
                sent.append((statement, values))
            super().execute(statement, values)

    def note(connection: Any, *_: object) -> None:
        connection.cursor_factory = Noting

    def note_no_more(connection: Any, *_: object) -> None:
        if connection is not None:
            connection.cursor_factory = Cursor

    event.listen(engine, "checkout", note)
    event.listen(engine, "checkin", note_no_more)
    try:
        yield sent
    finally:
        event.remove(engine, "checkout", note)
        event.remove(engine, "checkin", note_no_more)
