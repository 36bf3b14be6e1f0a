"""The worker's engine, Redis and publisher: one of each in the process, made on first use."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Engine

from fechatter.db import make_engine
from fechatter.feed.placed import Batch
from fechatter.feed.publish import publisher
from fechatter.feed.relay import Publish
from fechatter.redis_link import RedisLink
from worker.application import config
from worker.heard import heard

CONNECTIONS = 8
"""At most: twice as many as there are tasks at work."""


@cache
def engine() -> Engine:
    return make_engine(config.database_url, pool=CONNECTIONS, name="worker")


@cache
def redis() -> RedisLink:
    return RedisLink(config.redis_url)


@cache
def publish() -> Publish:
    """For whatever in this process relays."""
    send = publisher(redis())

    def tell(batches: Sequence[Batch]) -> None:
        send(batches)
        heard.add(batches)

    return tell
