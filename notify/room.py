"""How many streams a person may have: at most so many in this process, and together with those of other processes.

Of who has few here no other process is told, so that neither opening nor keeping these costs anything. While Redis is
away each process counts for itself; what it has to tell it tells when Redis is back.
"""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic
from uuid import uuid4

import gevent
from gevent.lock import Semaphore

from fechatter.errors import TooMany
from fechatter.redis_link import RedisAway, RedisLink
from notify.stream import Stream

log = logging.getLogger(__name__)

MOST_STREAMS_A_PERSON = 50

FEW = 2
"""Streams of a person here of which no other process is told."""

OPEN = "streams:%d"
"""A hash a person: the processes that have more than a few of its streams, and how many."""

BELIEVED = 60
"""Seconds, said anew every 20: so long those of a process that was killed still count."""

REFRESH_EVERY = 20.0
EVERY = 1.0
AT_ONCE = 200
"""People of whom Redis is told in one go."""

TELL = Path(__file__).with_suffix(".lua").read_text()


class Room:
    """`users` is all that the hub has. `told` is what this process last told, of whom it has or had more than a few.

    One at a time talks to Redis, so that what is told last is what is known there. If Redis does not answer, only the
    first one waits for it.
    """

    def __init__(self, redis: RedisLink, users: Mapping[int, Sequence[Stream]], is_limited: bool = True) -> None:
        self.redis, self.users, self.is_limited = redis, users, is_limited
        self.process = uuid4().hex
        self.told: dict[int, int] = {}
        self.refreshed = monotonic()
        self.talking = Semaphore()
        self.script = redis.client.register_script(TELL)

    def take(self, stream: Stream) -> None:
        """For a stream that is registered and not yet open: those before it go first. Raises TooMany."""
        place = self.users[stream.user_id].index(stream) + 1
        if self.is_limited and (place > MOST_STREAMS_A_PERSON or (place > FEW and not self._is_shared(stream))):
            raise TooMany(10, "too_many_streams", "You have too many streams open.")

    def _is_shared(self, stream: Stream) -> bool:
        """Whether there is room for it beside what other processes have; there is while Redis is away."""
        user_id = stream.user_id
        self.told.setdefault(user_id, 0)
        with self.talking:
            mine = self.users[user_id]
            told = [self.process, len(mine), mine.index(stream) + 1, MOST_STREAMS_A_PERSON, BELIEVED]
            try:
                has_room = bool(self.redis.call(lambda client: self.script([OPEN % user_id], told, client)))
            except RedisAway:
                return True
            if has_room:
                self.told[user_id] = len(mine)
            return has_room

    def run(self) -> None:
        """Forever."""
        while True:
            gevent.sleep(EVERY)
            try:
                self.tell()
            except RedisAway:
                continue
            except Exception:
                log.exception("streams could not be counted together with other processes")

    def tell(self) -> None:
        """What has changed since it was told; all every now and then, and when Redis is back. Raises RedisAway."""
        is_due = monotonic() - self.refreshed >= REFRESH_EVERY
        people = [user_id for user_id, told in self.told.items() if is_due or told != self._count(user_id)]
        for first in range(0, len(people), AT_ONCE):
            with self.talking:
                self._tell(people[first : first + AT_ONCE])
        if is_due:
            self.refreshed = monotonic()

    def _tell(self, people: Sequence[int]) -> None:
        pipeline = self.redis.client.pipeline(transaction=False)
        counts = {user_id: self._count(user_id) for user_id in people}
        for user_id, count in counts.items():
            self.script([OPEN % user_id], [self.process, count, 0, MOST_STREAMS_A_PERSON, BELIEVED], client=pipeline)
        try:
            self.redis.call(lambda _: pipeline.execute())
        except RedisAway:
            self.refreshed = float("-inf")  # it may have lost all
            raise
        for user_id, count in counts.items():
            self.told[user_id] = count
            if not count and not self._count(user_id):
                del self.told[user_id]

    def _count(self, user_id: int) -> int:
        """How many of its streams others must know of."""
        count = len(self.users.get(user_id, ()))
        return count if count > FEW else 0
