"""How long events wait for the relay: what tells a healthy installation from one that limps."""

from sqlalchemy import Engine, text

OLDEST = "SELECT extract(epoch FROM clock_timestamp() - min(created_at)) FROM outbox"


def oldest_waiting(engine: Engine) -> float:
    """Seconds for which the oldest event has been in the outbox; 0 if it is empty."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        return float(connection.scalar(text(OLDEST)) or 0)
