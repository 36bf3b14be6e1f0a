"""What one notify process holds, put together after the fork: database, Redis, hub, and the loops around it."""

import logging
from contextlib import suppress
from dataclasses import dataclass, field
from time import sleep
from typing import Self

import gevent
from sqlalchemy import Engine

from fechatter.config import Config
from fechatter.db import make_engine
from fechatter.feed.publish import publisher
from fechatter.known_places import KnownPlaces
from fechatter.limits import Limiter
from fechatter.redis_link import RedisAway, RedisLink
from frame.waiting import wait_as_greenlets
from notify import line, replay
from notify.hub import Hub
from notify.joining import Joining
from notify.line import Line
from notify.metrics import Meter
from notify.presence import Presence
from notify.room import Room
from notify.subscriber import Subscriber
from notify.watch import Watch

log = logging.getLogger(__name__)

LOOPS = 12
"""Connections for all else; most of the time two of them are open."""

FAREWELL = 2.0
"""Seconds over which a large process spreads its goodbyes, so that its clients do not all come back at once."""

FAREWELLS_PER_SECOND = 2000


@dataclass
class Service:
    config: Config
    engine: Engine
    redis: RedisLink
    limiter: Limiter
    known_places: KnownPlaces
    hub: Hub
    joining: Joining
    watch: Watch
    presence: Presence
    room: Room
    subscriber: Subscriber
    line: Line = field(default_factory=Line)
    ending: bool = False

    def start(self) -> Self:
        self.watch.run()
        talking = self.subscriber.run, self.subscriber.ping, self.presence.run, self.room.run
        for loop in (self.hub.run, *talking, Meter(self.hub).run):
            gevent.spawn(loop)
        return self

    def say_goodbye(self) -> None:
        """Tells every stream to come back elsewhere, and gives the last words time to be written."""
        self.ending = True
        streams = self.hub.streams()
        pause = min(FAREWELL, len(streams) / FAREWELLS_PER_SECOND) / max(1, len(streams))
        for number, stream in enumerate(streams):
            self.hub.put(lambda stream=stream: stream.bye("restart"))
            if number % 50 == 49:
                sleep(pause * 50)
        self.hub.between(lambda: None)
        with suppress(RedisAway):
            self.room.tell()
        sleep(0.1)


def make_service(config: Config) -> Service:
    wait_as_greenlets()
    engine = make_engine(config.database_url, pool=line.AT_ONCE + replay.AT_ONCE + LOOPS, name="notify")
    redis = RedisLink(config.redis_url)
    subscriber = Subscriber(config.redis_url)
    presence = Presence(redis)
    hub = Hub(engine, subscriber.subscribe, subscriber.unsubscribe, presence)
    subscriber.tell(put=hub.put, missed=hub.gaps.ask)
    publish = publisher(redis)
    room = Room(redis, hub.users, config.rate_limits)
    joining = Joining(hub, publish, room)
    watch = Watch(hub, joining, publish)
    limits = Limiter(redis, config.rate_limits), KnownPlaces(redis)
    return Service(config, engine, redis, *limits, hub, joining, watch, presence, room, subscriber)
