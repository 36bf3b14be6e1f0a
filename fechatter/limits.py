"""How often one may ask: all limits in one table, counted in Redis, or in this process while Redis is away."""

from hashlib import blake2b
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from threading import Lock
from time import time

from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from fechatter.errors import TooMany
from fechatter.redis_link import RedisAway, RedisLink

LIMITS = {
    # By address: a whole office may stand behind one.
    "sign-up": "120/minute; 1000/hour",
    "sign-in": "300/minute",
    "refresh": "600/minute",
    # By address and account, so that a stranger elsewhere cannot shut the owner out; over all addresses many more.
    "sign-in to one": "30/minute; 300/hour",
    "sign-in to one from anywhere": "1000/hour",
    # By account.
    "password": "30/minute",
    "tickets": "120/minute",
    "posting": "1200/minute",
    "making": "300/minute",
    "invitations": "300/hour",
    "accepting": "60/minute",
    "reading": "1200/minute",
    "typing": "120/minute",
}
"""`making`: chats, members, workspaces and whatever else is not a message. `posting`: 20 a second, in bursts."""


class Limiter:
    """One in a process, made after the fork; safe for threads."""

    def __init__(self, redis: RedisLink, enabled: bool = True) -> None:
        self._redis, self._enabled = redis, enabled
        self._items = {name: parse_many(text) for name, text in LIMITS.items()}
        pool = redis.client.connection_pool
        self._shared = SlidingWindowCounterRateLimiter(RedisStorage("redis://", pool, key_prefix="limits"))
        self._own = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._own_lock = Lock()

    def hit(self, limit: str, *who: str | int) -> None:
        """Counts one more of `limit` (see LIMITS) by this address or account. Raises TooMany."""
        if not self._enabled:
            return
        # Hashed: no addresses lie about in Redis, and no separator in one can make it look like another.
        key = [limit, blake2b(repr(who).encode("utf-8", "replace"), digest_size=16).hexdigest()]
        for item in self._items[limit]:
            if (wait := self._count(item, key)) is not None:
                raise TooMany(wait)

    def _count(self, item: RateLimitItem, key: list[str]) -> int | None:
        """None if it is still within, else the seconds to wait."""
        try:
            return self._redis.call(lambda _: _hit(self._shared, item, key))
        except RedisAway:
            # MemoryStorage restarts a timer of its own with each hit, which two threads at once must not.
            with self._own_lock:
                return _hit(self._own, item, key)


def _hit(limiter: SlidingWindowCounterRateLimiter, item: RateLimitItem, key: list[str]) -> int | None:
    if limiter.hit(item, *key):
        return None
    return max(1, ceil(limiter.get_window_stats(item, *key).reset_time - time()))


def address_key(address: str | None) -> str:
    """Of an IPv6 address its /64, since one customer has them all; what is no address stands for itself."""
    try:
        ip = ip_address(address or "")
    except ValueError:
        return address or ""
    if isinstance(ip, IPv6Address):
        return str(ip.ipv4_mapped or ip_network((ip, 64), strict=False))
    return str(ip)
