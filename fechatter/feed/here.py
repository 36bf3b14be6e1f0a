"""Who has a live stream, as the notify processes tell each other in Redis; gone with it, and never exact."""

from collections.abc import Sequence
from time import time

from redis import Redis

from fechatter.redis_link import RedisAway, RedisLink

HERE = "here:%d"
"""A sorted set a person: the processes that hold a stream of it, with the second until which that is believed."""

BELIEVED = 60
"""Seconds, said anew every 20."""


def last_here(redis: RedisLink, user_id: int) -> float | None:
    """When some process last said that it holds a stream of this person, in seconds since 1970; None if none does, as
    far as Redis knows. A process that was killed is believed for a minute. Raises RedisAway."""
    latest = redis.call(lambda client: client.zrange(HERE % user_id, 0, 0, desc=True, withscores=True))
    return float(latest[0][1]) - BELIEVED if latest else None


def those_here(redis: RedisLink, user_ids: Sequence[int]) -> set[int]:
    """Those of these people of whom some process holds a stream, by one question; nobody while Redis is away."""
    later = f"({time()}"

    def count(client: Redis) -> list[int]:
        pipeline = client.pipeline(transaction=False)
        for user_id in user_ids:
            pipeline.zcount(HERE % user_id, later, "+inf")
        return pipeline.execute()

    try:
        counts = redis.call(count)
    except RedisAway:
        return set()
    return {user_id for user_id, processes in zip(user_ids, counts, strict=True) if processes}
