"""The task that web wakes after a write: places the workspace's new events and publishes them."""

from contextlib import suppress

from sqlalchemy.exc import OperationalError

from fechatter.broker import FLAG, RELAY, RELAY_EXPIRES
from fechatter.feed import relay as feed
from fechatter.redis_link import RedisAway
from worker.application import celery_app
from worker.measures import BY_TASK
from worker.resources import engine, publish, redis


@celery_app.task(name=RELAY, expires=RELAY_EXPIRES)
def relay(workspace_id: int) -> None:
    # Before the reading: whoever commits after it finds the flag down and wakes us again.
    with suppress(RedisAway):
        redis().call(lambda client: client.delete(FLAG % workspace_id))
    # Without PostgreSQL or behind a lock for too long: the sweep reports that, and relays what is left.
    with suppress(OperationalError):
        BY_TASK.inc(feed.relay(engine(), workspace_id, publish(), wait=True))
