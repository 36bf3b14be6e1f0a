"""The task that web wakes after a write: places new events in their feeds and publishes them."""

from collections.abc import Collection
from contextlib import suppress

from kombu.exceptions import OperationalError as BrokerError
from sqlalchemy.exc import DBAPIError

from fechatter.broker import RELAY, RELAY_EXPIRES
from fechatter.feed import relay as feed
from fechatter.wakeup import workspaces_waiting
from worker.application import celery_app
from worker.measures import BY_TASK
from worker.resources import engine, publish, redis


@celery_app.task(name=RELAY, expires=RELAY_EXPIRES)
def relay() -> None:
    for workspace_ids in workspaces_waiting(redis(), call_for_help):
        for workspace_id in relay_together(workspace_ids):
            # Without PostgreSQL or behind a lock for too long: the sweep reports that, and relays what is left.
            with suppress(DBAPIError):
                BY_TASK.inc(feed.relay(engine(), workspace_id, publish(), wait=True))


def relay_together(workspace_ids: Collection[int]) -> Collection[int]:
    """What one call cannot do is left, and returned: feeds that another is relaying, and long backlogs; all of them,
    where one that fails would hold up the others."""
    if len(workspace_ids) < 2:
        return workspace_ids
    try:
        relayed = feed.relay_once(engine(), workspace_ids, wait=False)
    except DBAPIError:
        return workspace_ids
    publish()(relayed.batches)
    BY_TASK.inc(relayed.moved)
    return relayed.left


def call_for_help() -> None:
    # Without Redis nobody can be called, and the sweep finds what is left.
    with suppress(BrokerError, OSError):
        relay.apply_async(retry=False)
