"""From where people have signed in before."""

import os
from uuid import uuid4

import pytest

from fechatter.known_places import KnownPlaces
from fechatter.limits import hashed
from fechatter.redis_link import RedisLink

AWAY = "redis://127.0.0.1:1/0"


@pytest.fixture
def ann() -> str:
    return f"{uuid4().hex}@example.org"


def test_what_one_process_remembers_all_know(ann: str) -> None:
    ours, theirs = (KnownPlaces(RedisLink(os.environ["REDIS_URL"], timeout=30)) for _ in range(2))
    assert not theirs.know(ann, "192.0.2.1")
    ours.remember(ann, "192.0.2.1")
    assert theirs.know(ann, "192.0.2.1")
    assert not theirs.know(ann, "192.0.2.2")
    assert not theirs.know("ben", "192.0.2.1")


def test_without_redis_a_process_knows_what_it_has_seen_itself(ann: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fechatter.known_places.MOST_OWN", 2)
    places = KnownPlaces(RedisLink(AWAY))
    for place in ("192.0.2.1", "192.0.2.2", "192.0.2.1", "192.0.2.3"):
        places.remember(ann, place)
    assert [places.know(ann, f"192.0.2.{number}") for number in (1, 2, 3)] == [True, False, True]


def test_a_ticket_is_expected_for_a_while_and_until_it_is_forgotten() -> None:
    ticket, redis = uuid4().hex, RedisLink(os.environ["REDIS_URL"], timeout=30)
    ours, theirs = KnownPlaces(redis), KnownPlaces(redis)
    ours.expect(ticket, "192.0.2.1", 30)
    assert 0 < redis.client.ttl(f"expected:{hashed((ticket, '192.0.2.1'))}") <= 30
    assert [theirs.is_expected(ticket, f"192.0.2.{number}") for number in (1, 2)] == [True, False]
    theirs.forget(ticket, "192.0.2.1")
    assert not ours.is_expected(ticket, "192.0.2.1")


def test_what_is_said_of_a_ticket_says_nothing_of_an_account(ann: str) -> None:
    """Anybody can show an address as a ticket."""
    redis = RedisLink(os.environ["REDIS_URL"], timeout=30)
    KnownPlaces(redis).remember(ann, "192.0.2.1")
    places = KnownPlaces(redis)
    assert not places.is_expected(ann, "192.0.2.1")
    places.forget(ann, "192.0.2.1")
    assert places.know(ann, "192.0.2.1")
    places.expect(ann, "192.0.2.2", 30)
    assert not places.know(ann, "192.0.2.2")


def test_without_redis_nothing_is_expected_and_nothing_fails(ann: str) -> None:
    places = KnownPlaces(RedisLink(AWAY))
    places.expect(ann, "192.0.2.1", 30)
    places.forget(ann, "192.0.2.1")
    assert not places.is_expected(ann, "192.0.2.1")


def test_redis_learns_no_addresses(ann: str) -> None:
    redis = RedisLink(os.environ["REDIS_URL"], timeout=30)
    KnownPlaces(redis).remember(ann, "2001:db8:9::/64")
    keys = redis.client.keys("known:*")
    assert keys
    assert not any(ann.encode() in key or b"2001:db8" in key for key in keys)
    assert all(-1 != redis.client.ttl(key) <= 30 * 86_400 for key in keys)
