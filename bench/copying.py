"""COPY, the fastest way of rows into PostgreSQL: lines of text that are made while it reads them."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from typing import Any

import psycopg2
from psycopg2 import extensions

PATIENT = "-c statement_timeout=0 -c idle_in_transaction_session_timeout=0"
"""Of the database's own settings, made for the product's short statements."""

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


def line(*values: object) -> str:
    """One row. Text must be plain: without tabs, line ends and backslashes."""
    return "\t".join(r"\N" if value is None else str(value) for value in values) + "\n"


class _Lines:
    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = iter(lines)

    def read(self, size: int) -> str:
        return "".join(islice(self.lines, AT_ONCE))
