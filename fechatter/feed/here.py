"""Who has a live stream, as the notify processes tell each other in Redis; gone with it, and never exact."""

from fechatter.redis_link import RedisLink

HERE = "here:%d"
"""A sorted set a person: the processes that hold a stream of it, with the second until which that is believed."""

BELIEVED = 60
"""Seconds, said anew every 20."""


def last_here(redis: RedisLink, user_id: int) -> float | None:
    """When some process last said that it holds a stream of this person, in seconds since 1970; None if none does, as
    far as Redis knows. A process that was killed is believed for a minute. Raises RedisAway."""
    latest = redis.call(lambda client: client.zrange(HERE % user_id, 0, 0, desc=True, withscores=True))
    return float(latest[0][1]) - BELIEVED if latest else None
