"""Counting in Redis, in memory while Redis is away, and by address."""

import os
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from fechatter.errors import TooMany
from fechatter.limits import LIMITS, Limiter, address_key
from fechatter.redis_link import RedisLink

AWAY = "redis://127.0.0.1:1/0"


@pytest.fixture
def redis_url() -> str:
    return os.environ["REDIS_URL"]


def make(url: str, monkeypatch: pytest.MonkeyPatch, rule: str = "5/hour") -> Limiter:
    monkeypatch.setitem(LIMITS, "posting", rule)
    return Limiter(RedisLink(url))


def admitted(limiter: Limiter, who: str, times: int) -> int:
    def hit(_: int) -> bool:
        try:
            limiter.hit("posting", who)
        except TooMany:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        return sum(pool.map(hit, range(times)))


@pytest.mark.parametrize("away", [False, True])
def test_of_many_at_once_as_many_get_through_as_may(
    redis_url: str, monkeypatch: pytest.MonkeyPatch, away: bool
) -> None:
    limiter = make(AWAY if away else redis_url, monkeypatch)
    assert admitted(limiter, uuid4().hex, 100) == 5


def test_processes_count_together(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    who = uuid4().hex
    assert sum(admitted(make(redis_url, monkeypatch), who, 4) for _ in range(3)) == 5


def test_the_narrowest_of_several_limits_holds(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert admitted(make(redis_url, monkeypatch, "100/minute; 3/hour"), uuid4().hex, 10) == 3


def test_too_many_says_how_long_to_wait(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    limiter, who = make(redis_url, monkeypatch, "1/minute"), uuid4().hex
    limiter.hit("posting", who)
    with pytest.raises(TooMany) as refusal:
        limiter.hit("posting", who)
    assert 1 <= refusal.value.retry_after <= 60


@pytest.mark.parametrize("away", [False, True])
def test_a_check_counts_nothing_and_refuses_what_a_hit_would(
    redis_url: str, monkeypatch: pytest.MonkeyPatch, away: bool
) -> None:
    limiter, who = make(AWAY if away else redis_url, monkeypatch, "1/hour"), uuid4().hex
    for _ in range(3):
        limiter.check("posting", who)
    limiter.hit("posting", who)
    with pytest.raises(TooMany) as refusal:
        limiter.check("posting", who)
    assert 1 <= refusal.value.retry_after <= 3600


def test_keys_in_redis_name_nobody(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    limiter, who = make(redis_url, monkeypatch), f"{uuid4().hex}@example.org"
    before = set(RedisLink(redis_url).client.keys("*"))
    limiter.hit("posting", who)
    keys = set(RedisLink(redis_url).client.keys("*")) - before
    assert any(b"posting" in key for key in keys)
    assert not any(who.encode() in key for key in keys)


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
