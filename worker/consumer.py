"""Celery's consumer, but never long away from a Redis that is back."""

from functools import partial
from typing import Any

from celery.worker.consumer import Consumer as CeleryConsumer

RETRY = 2.0
"""Seconds between attempts to connect. Celery's own waits grow to 30, in which only the sweep would relay."""


class Consumer(CeleryConsumer):
    def ensure_connected(self, conn: Any) -> Any:
        patient = partial(conn.ensure_connection, interval_start=RETRY, interval_step=0, interval_max=RETRY)
        conn.ensure_connection = patient
        return super().ensure_connected(conn)
