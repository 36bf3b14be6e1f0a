"""How long events wait for the relay: what tells a healthy installation from one that limps."""

from sqlalchemy import Connection, text

from fechatter.feed.relay import FIRST_OF_EACH

OLDEST = f"{FIRST_OF_EACH} SELECT extract(epoch FROM clock_timestamp() - min(created_at)) FROM first"  # noqa: S608


def oldest_waiting(connection: Connection) -> float:
    """Seconds for which the oldest event has been in the outbox; 0 if it is empty."""
    return float(connection.scalar(text(OLDEST)) or 0)
