"""How long events wait for the relay: what tells a healthy installation from one that limps."""

from sqlalchemy import Connection, text

# The first id and not the smallest time: with a million rows waiting, this reads one.
OLDEST = "SELECT extract(epoch FROM clock_timestamp() - created_at) FROM outbox ORDER BY id LIMIT 1"


def oldest_waiting(connection: Connection) -> float:
    """Seconds for which the oldest event has been in the outbox; 0 if it is empty."""
    return float(connection.scalar(text(OLDEST)) or 0)
