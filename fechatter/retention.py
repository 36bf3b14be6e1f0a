"""How long things are kept, and how they go: in small batches, each committed, within a bounded time."""

from collections.abc import Mapping
from datetime import timedelta
from time import monotonic
from typing import Any

from sqlalchemy import Engine, text

EVENTS = timedelta(days=7)
"""How far back a stream can resume; deleted chats and workspaces, and who left them, are remembered as long."""

USER_CHANGES = timedelta(days=1)
SESSIONS = timedelta(days=30)
"""For which a session that ended or expired stays on record; likewise an invitation nobody can use any more."""

TICKETS = timedelta(minutes=1)

MAILS = timedelta(days=7)
"""For which a mail that could not be sent stays on record; see `fechatter/mail/sending.py` for when that is over."""

PUSHES = timedelta(hours=1)
"""For which it is remembered that something was sent, so that it is neither repeated nor too often."""

BATCH = 1000
"""Rows that one statement deletes."""


class Budget:
    """The time that a run may take; what is left over is for the next run."""

    def __init__(self, seconds: float) -> None:
        self.until = monotonic() + seconds

    @property
    def is_spent(self) -> bool:
        return monotonic() >= self.until


def run(engine: Engine, statement: str, parameters: Mapping[str, Any]) -> int:
    """Executes it and commits; the number of rows it touched."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        return connection.execute(text(statement), dict(parameters)).rowcount


def delete_in_batches(engine: Engine, statement: str, budget: Budget, **parameters: Any) -> int:
    """Repeats a DELETE that takes `:batch` rows at most, until none is left; the number of rows deleted."""
    deleted = 0
    while not budget.is_spent:
        rows = run(engine, statement, parameters | {"batch": BATCH})
        deleted += rows
        if rows < BATCH:
            break
    return deleted
