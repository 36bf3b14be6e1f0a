"""The task that web wakes after a write: places new events in their feeds and publishes them."""

from contextlib import suppress

from kombu.exceptions import OperationalError as BrokerError
from sqlalchemy.exc import OperationalError

from fechatter.broker import RELAY, RELAY_EXPIRES
from fechatter.feed import relay as feed
from fechatter.wakeup import workspaces_waiting
from worker.application import celery_app
from worker.measures import BY_TASK
from worker.resources import engine, publish, redis


@celery_app.task(name=RELAY, expires=RELAY_EXPIRES)
def relay() -> None:
    for workspace_id in workspaces_waiting(redis(), call_for_help):
        # Without PostgreSQL or behind a lock for too long: the sweep reports that, and relays what is left.
        with suppress(OperationalError):
            BY_TASK.inc(feed.relay(engine(), workspace_id, publish(), wait=True))


def call_for_help() -> None:
    # Without Redis nobody can be called, and the sweep finds what is left.
    with suppress(BrokerError, OSError):
        relay.apply_async(retry=False)
