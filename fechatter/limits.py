"""How often one may ask: all limits in one table, counted in Redis, or in this process while Redis is away."""

import re
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from pathlib import Path
from typing import NamedTuple

from fechatter.errors import TooMany
from fechatter.local_counts import Count, LocalCounts
from fechatter.redis_link import RedisAway, RedisLink

LIMITS = {
    # By address: a whole office may stand behind one.
    "sign-up": "120/minute; 1000/hour",
    "sign-in": "300/minute",
    "refresh": "600/minute",
    # Personal access tokens that are none, and any that has not been good there before.
    "wrong tokens": "300/minute",
    # Tickets that are none, or no more: an EventSource shows a spent one each time it connects again.
    "wrong tickets": "600/minute",
    "forgot": "60/minute; 300/hour",
    "mailed token": "120/minute",
    "opening invitations": "120/minute",
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
    "streams": "600/minute",
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
bursts. `subscribing`: browsers to pushes. `reading`: read pointers. `fetching`: all that is only read. `streams`:
opened, with tickets or without."""

UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
RULE = re.compile(r"(\d+)/((\d*)(second|minute|hour|day))")
COUNT = Path(__file__).with_suffix(".lua").read_text()


class Rule(NamedTuple):
    """At most so many in any so many seconds: the window before weighs as much as of it lies within them still."""

    name: str
    amount: int
    seconds: int

    @property
    def policy(self) -> str:
        return f'"{self.name}";q={self.amount};w={self.seconds}'

    def weight(self, count: Count) -> float:
        return count.before * (1 - count.into / self.seconds) + count.current

    def left(self, count: Count) -> int:
        """How many more are within it now."""
        return max(0, ceil(self.amount - self.weight(count)))

    def wait(self, count: Count) -> int:
        """Whole seconds until one more is within it: one less would be too few."""
        if self.weight(count) < self.amount:
            return 0
        rest = self.seconds - count.into
        if count.current < self.amount:
            seconds = rest - self.seconds * (self.amount - count.current) / count.before
        else:
            seconds = rest + self.seconds * max(0.0, 1 - self.amount / count.current)
        return int(seconds + 1e-6) + 1  # a float may be a little short of a whole second


class Standing(NamedTuple):
    """What is left of a limit, behind a count. `reset`: seconds until there is more of it."""

    rule: Rule
    left: int
    reset: int

    @property
    def item(self) -> str:
        return f'"{self.rule.name}";r={self.left};t={self.reset}'


def rules_of(limit: str) -> list[Rule]:
    """Of a row of LIMITS; where it has several each is named for its window too."""
    parts = [part.strip() for part in LIMITS[limit].split(";")]
    return [_rule(limit, part, is_one_of_several=len(parts) > 1) for part in parts]


def _rule(limit: str, text: str, is_one_of_several: bool) -> Rule:
    found = RULE.fullmatch(text)
    assert found, f"{limit}: {text} is no limit"
    amount, window, times, unit = found.groups()
    return Rule(f"{limit}/{window}" if is_one_of_several else limit, int(amount), int(times or 1) * UNITS[unit])


class Limiter:
    """One in a process, made after the fork; safe for threads."""

    def __init__(self, redis: RedisLink, enabled: bool = True) -> None:
        self._redis, self._enabled = redis, enabled
        self._rules = {limit: rules_of(limit) for limit in LIMITS}
        self._script, self._own = redis.client.register_script(COUNT), LocalCounts()

    def hit(self, limit: str, *who: str | int) -> list[Standing]:
        """Counts one more of `limit` (see LIMITS) by this address or account. Raises TooMany."""
        return self._ask(limit, who, True)

    def check(self, limit: str, *who: str | int) -> None:
        """Counts nothing. Raises TooMany where `hit` would."""
        self._ask(limit, who, False)

    def _ask(self, limit: str, who: tuple[str | int, ...], counting: bool) -> list[Standing]:
        if not self._enabled:
            return []
        rules, of = self._rules[limit], hashed(who)
        keys = [f"limits:{rule.name}:{of}" for rule in rules]
        try:
            within, counts = self._shared(rules, keys, counting)
        except RedisAway:
            within, counts = self._own.count(keys, [(rule.amount, rule.seconds) for rule in rules], counting)
        standings = [_standing(rule, count, within) for rule, count in zip(rules, counts, strict=True)]
        if not within:
            raise TooMany(max((one.reset for one in standings if not one.left), default=1), standings=standings)
        return standings

    def _shared(self, rules: list[Rule], keys: list[str], counting: bool) -> tuple[bool, list[Count]]:
        told = [int(counting), *(number for rule in rules for number in (rule.amount, rule.seconds))]
        within, *found = self._redis.call(lambda _: self._script(keys, told))
        counts = [Count(found[at], found[at + 1], found[at + 2] / 1e6) for at in range(0, len(found), 3)]
        return bool(within), counts


def _standing(rule: Rule, before: Count, within: bool) -> Standing:
    """Behind one that was counted; of several rules one may have some left where another has none."""
    now = before._replace(current=before.current + 1) if within else before
    return Standing(rule, rule.left(now), rule.wait(now) or ceil(rule.seconds - now.into))


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
