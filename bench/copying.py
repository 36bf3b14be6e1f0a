"""COPY, the fastest way of rows into PostgreSQL: lines of text that are made while it reads them."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from typing import Any

import psycopg2
from psycopg2 import extensions

from launcher.errors import LaunchError

PATIENT = "-c statement_timeout=0 -c idle_in_transaction_session_timeout=0"
"""Of the database's own settings, made for the product's short statements."""

# What is unique comes before the foreign keys, which need it.
DEFINITIONS = """
SELECT kind, name, definition FROM (
    SELECT contype::text, conname::text, pg_get_constraintdef(oid) FROM pg_constraint
     WHERE conrelid = %(table)s::regclass AND contype IN ('p', 'u', 'f')
     UNION ALL
    SELECT 'i', i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
     WHERE i.indrelid = %(table)s::regclass
       AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.conrelid = i.indrelid)
) AS known(kind, name, definition) ORDER BY kind = 'f', kind, name
"""

AT_ONCE = 2000
"""Lines given to PostgreSQL together."""


@contextmanager
def copying(url: str) -> Iterator[Any]:
    """A connection that can COPY: psycopg2 refuses to where somebody waits by a callback, as the product's engines do.
    Meanwhile they wait without a deadline."""
    callback = extensions.get_wait_callback()
    extensions.set_wait_callback(None)
    try:
        with closing(psycopg2.connect(url.replace("+psycopg2", "", 1), options=PATIENT)) as connection:
            yield connection
    finally:
        extensions.set_wait_callback(callback)


def copy(connection: Any, table: str, columns: Sequence[str], lines: Iterable[str]) -> None:
    """In the connection's transaction."""
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", _Lines(lines))


@contextmanager
def without_indexes(connection: Any, table: str) -> Iterator[None]:
    """Within the block the table has neither indexes nor foreign keys, which row by row take most of the time; behind
    it the same as before. Raises LaunchError if one is not the same."""
    before = _definitions(connection, table)
    with connection.cursor() as cursor:
        for kind, name, _ in reversed(before):
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}" if kind != "i" else f"DROP INDEX {name}")
    connection.commit()
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for kind, name, definition in before:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}" if kind != "i" else definition)
    connection.commit()
    after = _definitions(connection, table)
    if after != before:
        raise LaunchError(f"the indexes of {table} are not what they were: {before} became {after}")


def _definitions(connection: Any, table: str) -> list[tuple[str, str, str]]:
    """Kind (as in pg_constraint; `i` is an index that stands for none), name, and how to make it again."""
    with connection.cursor() as cursor:
        cursor.execute(DEFINITIONS, {"table": table})
        return list(cursor.fetchall())


def line(*values: object) -> str:
    """One row. Text must be plain: without tabs, line ends and backslashes."""
    return "\t".join(r"\N" if value is None else str(value) for value in values) + "\n"


class _Lines:
    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = iter(lines)

    def read(self, size: int) -> str:
        return "".join(islice(self.lines, AT_ONCE))
