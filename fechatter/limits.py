"""How often one may ask: all limits in one table, counted in Redis, or in this process while Redis is away."""

from collections.abc import Callable
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
    "forgot": "60/minute; 300/hour",
    "mailed token": "120/minute",
    # By address and account, so that a stranger elsewhere cannot shut the owner out.
    "sign-in to one": "30/minute; 300/hour",
    "forgot for one": "5/minute; 10/hour",
    # By account: not from where somebody has signed in to it before, and of sign-ins wrong passwords alone.
    "forgot for one from anywhere": "30/hour",
    "sign-in to one from anywhere": "1000/hour",
    # By account and address where somebody has signed in to it before, else by account: codes, right or wrong.
    "second factor": "5/5minute; 50/day",
    # By account.
    "password": "30/minute",
    "verification": "5/minute; 20/hour",
    "tickets": "120/minute",
    "tokens": "60/hour",
    "posting": "1200/minute",
    "making": "300/minute",
    "changing": "300/minute",
    "subscribing": "20/minute; 100/hour",
    "ending sessions": "60/minute",
    "invitations": "300/hour",
    "accepting": "60/minute",
    "reading": "1200/minute",
    "fetching": "3000/minute",
    "typing": "120/minute",
    "reporting": "120/hour",
}
"""`making`: chats, members, workspaces. `changing`: whatever changes or ends one of these. `posting`: 20 a second, in
bursts. `subscribing`: browsers to pushes. `reading`: read pointers. `fetching`: all that is only read."""

Question = Callable[..., bool]
"""`hit` or `test` of the library's limiter."""


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
        self._ask(SlidingWindowCounterRateLimiter.hit, limit, who)

    def check(self, limit: str, *who: str | int) -> None:
        """Counts nothing. Raises TooMany where `hit` would."""
        self._ask(SlidingWindowCounterRateLimiter.test, limit, who)

    def _ask(self, question: Question, limit: str, who: tuple[str | int, ...]) -> None:
        if not self._enabled:
            return
        key = [limit, hashed(who)]
        for item in self._items[limit]:
            if (wait := self._answer(question, item, key)) is not None:
                raise TooMany(wait)

    def _answer(self, question: Question, item: RateLimitItem, key: list[str]) -> int | None:
        """None if it is still within, else the seconds to wait."""
        try:
            return self._redis.call(lambda _: _wait(question, self._shared, item, key))
        except RedisAway:
            # MemoryStorage restarts a timer of its own with each hit, which two threads at once must not.
            with self._own_lock:
                return _wait(question, self._own, item, key)


def _wait(
    question: Question, limiter: SlidingWindowCounterRateLimiter, item: RateLimitItem, key: list[str]
) -> int | None:
    if question(limiter, item, *key):
        return None
    return max(1, ceil(limiter.get_window_stats(item, *key).reset_time - time()))


def hashed(who: tuple[str | int, ...]) -> str:
    """For keys: no addresses lie about in Redis, and no separator in one can make it look like another."""
    return blake2b(repr(who).encode("utf-8", "replace"), digest_size=16).hexdigest()


def address_key(address: str | None) -> str:
    """Of an IPv6 address its /64, since one customer has them all; what is no address stands for itself."""
    try:
        ip = ip_address(address or "")
    except ValueError:
        return address or ""
    if isinstance(ip, IPv6Address):
        return str(ip.ipv4_mapped or ip_network((ip, 64), strict=False))
    return str(ip)
