"""Who is there: a person with a live stream in any process. Known to Redis only, hence gone with it; never lasting."""

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from time import monotonic, time
from uuid import uuid4

import gevent
from gevent.event import Event

from fechatter.feed.here import BELIEVED, HERE
from fechatter.feed.passing import passing, passing_channel, write_passing
from fechatter.redis_link import RedisAway, RedisLink
from fechatter.shapes import rfc3339

log = logging.getLogger(__name__)

REFRESH_EVERY = 20.0
GRACE = 3.0
"""Seconds after a person's last stream closed: a page that is loaded again does not make it leave."""

TOGETHER = 0.1
"""Seconds in which those who come are collected: where thousands do, nobody hears of each of them alone."""

AT_ONCE = 200
"""People of whom Redis is asked, or told, in one go."""

People = dict[int, tuple[int, ...]]
"""Somebody's workspaces, by the person's id."""


class Presence:
    """`arrived` and `left` never wait; one loop does the talking. `news` are those present of whom it has not yet
    been said; `unsure` are those of whom Redis may have taken that they are here, or no more, or may not."""

    def __init__(self, redis: RedisLink) -> None:
        self.redis, self.process = redis, uuid4().hex
        self.present: People = {}
        self.leaving: dict[int, float] = {}
        self.news: People = {}
        self.unsure: set[int] = set()
        self.woken = Event()
        self.refreshed = 0.0

    def arrived(self, user_id: int, workspace_ids: tuple[int, ...]) -> None:
        """`workspace_ids` ascend."""
        self.leaving.pop(user_id, None)
        if self.present.get(user_id) != workspace_ids or user_id in self.unsure:
            self.present[user_id] = self.news[user_id] = workspace_ids
            self.woken.set()

    def left(self, user_id: int, workspace_ids: Collection[int]) -> None:
        """`workspace_ids`: where the last stream still was, none if that is not known. Elsewhere it is not told of."""
        self.leaving[user_id] = monotonic() + GRACE
        if workspace_ids and user_id in self.present:
            self.present[user_id] = tuple(w for w in self.present[user_id] if w in workspace_ids)

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
        if self.woken.wait(timeout=1):
            self.woken.clear()
            gevent.sleep(TOGETHER)
        self._arrive()

    def _arrive(self) -> None:
        for user_ids in _portions(self.news):
            news = {user_id: self.news[user_id] for user_id in user_ids}
            counts = self._count(user_ids, here=True)
            first = {u: w for u, w in news.items() if counts[u] == 1 or u in self.unsure}
            self.unsure.update(first)
            self._say(first, "online")
            self.unsure.difference_update(first)
            for user_id, workspace_ids in news.items():
                if self.news[user_id] == workspace_ids:  # not in another one meanwhile
                    del self.news[user_id]

    def _leave(self) -> None:
        now = monotonic()
        for user_ids in _portions([u for u, at in self.leaving.items() if at <= now]):
            # Not those who came back while Redis was asked about others.
            gone = {u: self.present.pop(u, ()) for u in user_ids if self.leaving.pop(u, None) is not None}
            self.unsure.difference_update(gone)
            for user_id in gone:
                self.news.pop(user_id, None)
            try:
                counts = self._count(gone, here=False)
                self._say({u: w for u, w in gone.items() if counts[u] == 0}, "offline")
            except RedisAway:
                still = {u: w for u, w in gone.items() if u not in self.present}
                self.present |= still
                self.unsure.update(still)
                self.leaving |= dict.fromkeys(still, now)
                raise

    def _refresh(self) -> None:
        if monotonic() - self.refreshed < REFRESH_EVERY:
            return
        self.refreshed = monotonic()
        for user_ids in _portions(user_id for user_id in self.present if user_id not in self.news):
            self._count(user_ids, here=True)

    def _count(self, user_ids: Collection[int], here: bool) -> dict[int, int]:
        """Notes whether this process has streams of these people, and returns for each how many processes have."""
        now, pipeline = time(), self.redis.client.pipeline(transaction=True)
        for key in (HERE % user_id for user_id in user_ids):
            pipeline.zremrangebyscore(key, 0, now)
            if here:
                pipeline.zadd(key, {self.process: now + BELIEVED})
            else:
                pipeline.zrem(key, self.process)
            pipeline.expire(key, BELIEVED)
            pipeline.zcard(key)
        answers = self.redis.call(lambda _: pipeline.execute())
        return dict(zip(user_ids, answers[3::4], strict=True))

    def _say(self, people: Mapping[int, Collection[int]], state: str) -> None:
        pipeline, at = self.redis.client.pipeline(transaction=False), rfc3339(datetime.now(UTC))
        for user_id, workspace_ids in people.items():
            for workspace_id in workspace_ids:
                body = {"actor_id": user_id, "at": at, "user_id": user_id, "state": state}
                event = passing(workspace_id, "presence", body, except_users=[user_id])
                pipeline.publish(passing_channel(event), write_passing(event))
        self.redis.call(lambda _: pipeline.execute())


def _portions(user_ids: Iterable[int]) -> Iterator[list[int]]:
    """Of those who are there now."""
    everyone = list(user_ids)
    for first in range(0, len(everyone), AT_ONCE):
        yield everyone[first : first + AT_ONCE]
