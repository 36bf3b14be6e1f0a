"""Renews the feeds' epochs when the database is not the one that gave out the cursors; see `epoch.sql`."""

from sqlalchemy import Connection, text


def check_epoch(connection: Connection, force: bool = False) -> bool:
    """Whether all epochs were renewed, so that every stream that resumes is told to fetch afresh."""
    return bool(connection.scalar(text("SELECT check_epoch_v1(:force)"), {"force": force}))
