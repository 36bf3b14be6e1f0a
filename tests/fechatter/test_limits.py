"""Counting in Redis, in memory while Redis is away, and by address."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from math import floor
from time import sleep
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fechatter.errors import TooMany
from fechatter.limits import LIMITS, Limiter, Rule, address_key, rules_of
from fechatter.local_counts import MOST, Count, LocalCounts
from fechatter.redis_link import RedisLink

AWAY = "redis://127.0.0.1:1/0"
Make = Callable[[str], Limiter]


@pytest.fixture
def redis_url() -> str:
    return os.environ["REDIS_URL"]


@pytest.fixture(params=["redis", "memory"])
def limited(request: pytest.FixtureRequest, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Makes a limiter whose rule for posting is this one, with Redis and without."""
    return lambda rule: make(redis_url if request.param == "redis" else AWAY, monkeypatch, rule)


def make(url: str, monkeypatch: pytest.MonkeyPatch, rule: str = "5/hour") -> Limiter:
    monkeypatch.setitem(LIMITS, "posting", rule)
    return Limiter(RedisLink(url, timeout=30))


def admitted(limiter: Limiter, who: str, times: int) -> int:
    def hit(_: int) -> bool:
        try:
            limiter.hit("posting", who)
        except TooMany:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        return sum(pool.map(hit, range(times)))


def test_of_many_at_once_as_many_get_through_as_may(limited: Make) -> None:
    assert admitted(limited("5/hour"), uuid4().hex, 100) == 5


def test_processes_count_together(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    who = uuid4().hex
    assert sum(admitted(make(redis_url, monkeypatch), who, 4) for _ in range(3)) == 5


def test_the_narrowest_of_several_limits_holds(limited: Make) -> None:
    assert admitted(limited("100/minute; 3/hour"), uuid4().hex, 10) == 3


def test_what_one_limit_refuses_is_counted_by_none(limited: Make) -> None:
    limiter, who = limited("2/hour; 100/minute"), uuid4().hex
    assert admitted(limiter, who, 10) == 2
    with pytest.raises(TooMany) as refusal:
        limiter.hit("posting", who)
    assert [one.left for one in refusal.value.standings] == [0, 98]


def test_too_many_says_how_long_to_wait(limited: Make) -> None:
    limiter, who = limited("1/minute"), uuid4().hex
    limiter.hit("posting", who)
    with pytest.raises(TooMany) as refusal:
        limiter.hit("posting", who)
    assert 1 <= refusal.value.retry_after <= 60
    [standing] = refusal.value.standings
    assert standing.item == f'"posting";r=0;t={refusal.value.retry_after}'


def test_after_that_long_there_is_room_for_one_more(limited: Make) -> None:
    limiter, who = limited("3/second"), uuid4().hex
    for _ in range(3):
        wait = next(refusal for _ in range(50) if (refusal := _refusal(limiter, who)))
        sleep(wait)
        assert _refusal(limiter, who) is None


def _refusal(limiter: Limiter, who: str) -> int | None:
    try:
        limiter.hit("posting", who)
    except TooMany as refusal:
        return refusal.retry_after
    return None


@given(st.integers(1, 50), st.integers(0, 50), st.integers(0, 50), st.floats(0, 60, exclude_max=True))
def test_it_is_never_told_to_wait_longer_than_it_must_nor_to_come_back_sooner_than_it_may(
    amount: int, before: int, count: int, into: float
) -> None:
    rule, now = Rule("x", amount, 60), Count(min(before, amount), min(count, amount), into)

    def weight(seconds: int) -> float:
        return rule.weight(later(now, seconds))

    wait = rule.wait(now)
    assert weight(wait) < amount
    assert wait == 0 or weight(wait - 1) > amount - 1e-4
    assert (rule.left(now) == 0) is (wait > 0)


def later(count: Count, seconds: int) -> Count:
    """The same after so many seconds of a minute without a further one."""
    windows, into = floor((count.into + seconds) / 60), (count.into + seconds) % 60
    return [count._replace(into=into), Count(count.current, 0, into), Count(0, 0, into)][min(windows, 2)]


def test_what_is_left_is_told_with_each_one(limited: Make) -> None:
    limiter, who = limited("3/hour"), uuid4().hex
    assert [limiter.hit("posting", who)[0].left for _ in range(3)] == [2, 1, 0]


def test_a_check_counts_nothing_and_refuses_what_a_hit_would(limited: Make) -> None:
    limiter, who = limited("1/hour"), uuid4().hex
    for _ in range(3):
        limiter.check("posting", who)
    limiter.hit("posting", who)
    with pytest.raises(TooMany) as refusal:
        limiter.check("posting", who)
    assert 1 <= refusal.value.retry_after <= 3600


def test_keys_in_redis_name_nobody_and_do_not_stay(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    limiter, who, client = make(redis_url, monkeypatch), f"{uuid4().hex}@example.org", RedisLink(redis_url).client
    before = set(client.keys("*"))
    limiter.hit("posting", who)
    keys = {key for key in set(client.keys("*")) - before if b"posting" in key}
    assert keys
    assert not any(who.encode() in key for key in keys)
    assert all(0 < client.ttl(key) <= 2 * 3600 for key in keys)


def test_a_process_alone_remembers_only_so_many() -> None:
    counts = LocalCounts()
    for number in range(MOST + 10):
        counts.count([str(number)], [(1, 3600)], True)
    assert len(counts._kept) == MOST


def test_limits_of_one_call_have_names_of_their_own() -> None:
    assert [rule.policy for rule in rules_of("sign-up")] == [
        '"sign-up/minute";q=120;w=60',
        '"sign-up/hour";q=1000;w=3600',
    ]
    assert [rule.policy for rule in rules_of("second factor")] == [
        '"second factor/5minute";q=5;w=300',
        '"second factor/day";q=50;w=86400',
    ]
    assert [rule.policy for rule in rules_of("refresh")] == ['"refresh";q=600;w=60']


def test_a_limit_that_cannot_be_read_is_not_taken_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("5", "5/week", "/minute", "5/minute/hour", "5 a minute"):
        monkeypatch.setitem(LIMITS, "posting", text)
        with pytest.raises(AssertionError):
            rules_of("posting")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("2001:db8::1", "2001:db8:0:0:ffff::9", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("unix", "", False),
    ],
)
def test_addresses_of_one_customer_count_as_one(one: str, other: str, same: bool) -> None:
    assert (address_key(one) == address_key(other)) is same


def test_no_address_at_all_is_one_too() -> None:
    assert address_key(None) == ""
