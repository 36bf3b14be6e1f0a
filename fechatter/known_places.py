"""Where people have signed in before, and bots have called: what a stranger does does not shut them out there."""

from contextlib import suppress
from threading import Lock

from fechatter.limits import hashed
from fechatter.redis_link import RedisAway, RedisLink

KEPT = 30 * 86_400
"""Seconds since the last time, as long as a session lasts without being used."""

MOST_OWN = 10_000


class KnownPlaces:
    """One in a process. Kept in Redis, and the newest also in here, for while Redis is away. Safe for threads.

    An account is the key of its e-mail address or a personal access token, which has no `@` in it; a place what
    `address_key` makes of an address. Tickets, which whoever shows one may have made of anything, have keys of their
    own. None of them is stored as it is. Losing them all costs nothing but that the limit for strangers holds at home
    too.
    """

    def __init__(self, redis: RedisLink) -> None:
        self._redis = redis
        self._own: dict[str, None] = {}
        self._lock = Lock()

    def remember(self, account: str, place: str) -> None:
        key = _key(account, place)
        with self._lock:
            self._own.pop(key, None)
            self._own[key] = None
            if len(self._own) > MOST_OWN:
                del self._own[next(iter(self._own))]
        with suppress(RedisAway):
            self._redis.call(lambda client: client.set(key, 1, ex=KEPT))

    def expect(self, ticket: str, place: str, seconds: int) -> None:
        """A ticket that was given out there and will be shown once; in Redis alone."""
        with suppress(RedisAway):
            self._redis.call(lambda client: client.set(_ticket_key(ticket, place), 1, ex=seconds))

    def is_expected(self, ticket: str, place: str) -> bool:
        try:
            return bool(self._redis.call(lambda client: client.exists(_ticket_key(ticket, place))))
        except RedisAway:
            return False

    def forget(self, ticket: str, place: str) -> None:
        """What was expected turned out to be spent."""
        with suppress(RedisAway):
            self._redis.call(lambda client: client.delete(_ticket_key(ticket, place)))

    def know(self, account: str, place: str) -> bool:
        key = _key(account, place)
        try:
            in_redis = bool(self._redis.call(lambda client: client.exists(key)))
        except RedisAway:
            in_redis = False
        return in_redis or key in self._own


def _key(account: str, place: str) -> str:
    return f"known:{hashed((account, place))}"


def _ticket_key(ticket: str, place: str) -> str:
    return f"expected:{hashed((ticket, place))}"
