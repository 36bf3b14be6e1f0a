"""What the worker counts for Prometheus, on METRICS_PORT."""

from prometheus_client import Counter, Gauge
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from fechatter.db import deadline
from fechatter.feed.lag import oldest_waiting

RELAYED = Counter(
    "fechatter_relayed_events", "Events moved into a feed; `by` the sweep if their wake-up was lost.", ["by"]
)
BY_TASK, BY_SWEEP = RELAYED.labels("task"), RELAYED.labels("sweep")

PUSHES = Counter(
    "fechatter_pushes", "What came of pushes that were due; `put_off` ones are looked at again.", ["outcome"]
)

WAITING = Gauge(
    "fechatter_outbox_oldest_seconds", "For how long the oldest event has waited for the relay; NaN if unknown."
)


def measure_waiting(engine: Engine) -> None:
    """Looks whenever somebody asks."""

    def look() -> float:
        try:
            with deadline(2), engine.connect() as connection:
                return oldest_waiting(connection)
        except SQLAlchemyError:
            return float("nan")

    WAITING.set_function(look)
