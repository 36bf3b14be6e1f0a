"""Who is there: a person with a live stream in any process. Known to Redis only, hence gone with it; never lasting."""

import logging
from collections.abc import Collection
from datetime import UTC, datetime
from time import monotonic, time
from uuid import uuid4

import gevent
from gevent.event import Event

from fechatter.feed.passing import passing, passing_channel, write_passing
from fechatter.redis_link import RedisAway, RedisLink
from fechatter.shapes import rfc3339

log = logging.getLogger(__name__)

HERE = "here:%d"
"""A sorted set a person: the processes that hold a stream of it, with the second until which that is believed."""

BELIEVED = 60
REFRESH_EVERY = 20.0
GRACE = 3.0
"""Seconds after a person's last stream closed: a page that is loaded again does not make it leave."""


class Presence:
    """`arrived` and `left` never wait; one loop does the talking."""

    def __init__(self, redis: RedisLink) -> None:
        self.redis, self.process = redis, uuid4().hex
        self.present: dict[int, frozenset[int]] = {}
        self.leaving: dict[int, float] = {}
        self.news: dict[int, frozenset[int]] = {}
        self.woken = Event()
        self.refreshed = 0.0

    def arrived(self, user_id: int, workspace_ids: Collection[int]) -> None:
        self.leaving.pop(user_id, None)
        if self.present.get(user_id) != frozenset(workspace_ids):
            self.news[user_id] = frozenset(workspace_ids)
            self.woken.set()

    def left(self, user_id: int) -> None:
        self.leaving[user_id] = monotonic() + GRACE

    def run(self) -> None:
        """Forever."""
        while True:
            try:
                self._work()
            except RedisAway:
                gevent.sleep(1)
            except Exception:
                log.exception("presence failed")
                gevent.sleep(1)

    def _work(self) -> None:
        self._leave()
        self._refresh()
        self.woken.wait(timeout=1)
        self.woken.clear()
        for user_id in list(self.news):
            workspace_ids = self.news.pop(user_id)
            self.present[user_id] = workspace_ids
            if self._count(user_id, here=True) == 1:
                self._say(user_id, workspace_ids, "online")

    def _leave(self) -> None:
        now = monotonic()
        for user_id in [u for u, at in self.leaving.items() if at <= now]:
            if self.leaving.pop(user_id, None) is None:
                continue  # back meanwhile: Redis was asked about the one before
            workspace_ids = self.present.pop(user_id, frozenset())
            if workspace_ids and self._count(user_id, here=False) == 0:
                self._say(user_id, workspace_ids, "offline")

    def _refresh(self) -> None:
        if monotonic() - self.refreshed < REFRESH_EVERY:
            return
        self.refreshed = monotonic()
        for user_id in list(self.present):
            self._count(user_id, here=True)

    def _count(self, user_id: int, here: bool) -> int:
        """Notes that this process has a stream of that person or not, and returns how many processes have."""
        key, now = HERE % user_id, time()
        pipeline = self.redis.client.pipeline(transaction=True)
        pipeline.zremrangebyscore(key, 0, now)
        if here:
            pipeline.zadd(key, {self.process: now + BELIEVED})
            pipeline.expire(key, BELIEVED)
        else:
            pipeline.zrem(key, self.process)
        pipeline.zcard(key)
        return int(self.redis.call(lambda _: pipeline.execute())[-1])

    def _say(self, user_id: int, workspace_ids: Collection[int], state: str) -> None:
        for workspace_id in workspace_ids:
            body = {"actor_id": user_id, "at": rfc3339(datetime.now(UTC)), "user_id": user_id, "state": state}
            event = passing(workspace_id, "presence", body, except_users=[user_id])
            self.redis.call(lambda redis, event=event: redis.publish(passing_channel(event), write_passing(event)))
