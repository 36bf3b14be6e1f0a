"""Wakes the relay after a commit, so that events leave within milliseconds; what fails here the sweep makes good."""

import logging
from collections.abc import Iterable

from celery import Celery
from kombu.exceptions import OperationalError
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from fechatter.broker import FLAG, FLAG_LIVES, LONGEST_QUEUE, PRODUCER, QUEUE, RELAY, RELAY_EXPIRES, SETTINGS, broker
from fechatter.redis_link import RedisAway, RedisLink

log = logging.getLogger(__name__)


class Wakeup:
    """One in a process, made after the fork; safe for threads."""

    def __init__(self, redis: RedisLink, redis_url: str, threads: int) -> None:
        self.redis = redis
        self.celery = Celery("fechatter", set_as_current=False)
        self.celery.conf.update(SETTINGS | broker(redis_url) | PRODUCER, broker_pool_limit=threads)

    def wake(self, workspace_ids: Iterable[int]) -> None:
        """Never raises; costs a quarter of a second twice at most, and nothing while Redis is known to be away."""
        try:
            for workspace_id in workspace_ids:
                self.redis.call(lambda client, workspace_id=workspace_id: self._send_once(client, workspace_id))
        except RedisAway:
            log.debug("relay not woken: Redis is away")

    def _send_once(self, client: Redis, workspace_id: int) -> None:
        asked = client.pipeline(transaction=False)
        asked.set(FLAG % workspace_id, 1, nx=True, px=FLAG_LIVES).llen(QUEUE)
        is_first, waiting = asked.execute()
        if is_first and waiting < LONGEST_QUEUE:
            self._send(workspace_id)

    def _send(self, workspace_id: int) -> None:
        try:
            self.celery.send_task(RELAY, [workspace_id], queue=QUEUE, expires=RELAY_EXPIRES, ignore_result=True)
        except (OperationalError, OSError) as error:
            # As redis-py would say it, so that the breaker opens.
            raise RedisConnectionError(str(error)) from error
