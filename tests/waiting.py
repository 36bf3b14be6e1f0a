"""For races: knows when a backend of the test database waits for a lock, so that interleavings need no sleeping."""

from time import monotonic, sleep

from sqlalchemy import Engine, text

WAITING = text(
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    " AND query LIKE '%' || :part || '%' AND pid <> pg_backend_pid()"
)


def until_waiting(engine: Engine, number: int = 1, part: str = "") -> list[int]:
    """The pids of this many backends that wait for locks, once there are so many; `part` is of their query."""
    until = monotonic() + 60
    while monotonic() < until:
        with engine.connect() as connection:
            pids = list(connection.scalars(WAITING, {"part": part}))
        if len(pids) >= number:
            return pids
        sleep(0.005)
    raise AssertionError(f"{number} backends should be waiting for locks")
