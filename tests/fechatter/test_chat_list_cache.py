"""A kept chat list is given back only to whom it belongs, while nothing of its own has changed it."""

import os
from random import randrange

import pytest

from fechatter.chat_list_cache import LONGEST, keep_list, kept_list
from fechatter.redis_link import RedisLink


@pytest.fixture
def redis() -> RedisLink:
    return RedisLink(os.environ["REDIS_URL"])


@pytest.fixture
def user() -> int:
    """Somebody whom no other run knows: they may share one Redis."""
    return randrange(10**12, 10**18)


def test_what_was_kept_comes_back(redis: RedisLink, user: int) -> None:
    body = b'{"items":[\n]}\xf0\x9f\x98\x80'
    keep_list(redis, user, 7, None, body)
    assert kept_list(redis, user, 7, None) == body


def test_nothing_kept_is_no_hit(redis: RedisLink, user: int) -> None:
    assert kept_list(redis, user, 0, None) is None


@pytest.mark.parametrize("version", [6, 8, 70])
def test_a_list_of_another_version_is_no_hit(redis: RedisLink, user: int, version: int) -> None:
    keep_list(redis, user, 7, None, b"{}")
    assert kept_list(redis, user, version, None) is None


def test_a_list_is_of_one_person_and_one_workspace(redis: RedisLink, user: int) -> None:
    keep_list(redis, user, 1, 12, b"in one")
    assert kept_list(redis, user, 1, 12) == b"in one"
    assert kept_list(redis, user, 1, None) is None
    assert kept_list(redis, user, 1, 13) is None
    assert kept_list(redis, user + 1, 1, 12) is None


def test_a_list_is_forgotten_after_half_a_minute(redis: RedisLink, user: int) -> None:
    keep_list(redis, user, 1, None, b"{}")
    [key] = redis.client.keys(f"chat_list:{user}:*")
    assert 0 < redis.client.pttl(key) <= 30_000


def test_a_huge_list_is_not_kept(redis: RedisLink, user: int) -> None:
    keep_list(redis, user, 1, None, b"x" * (LONGEST + 1))
    assert kept_list(redis, user, 1, None) is None


def test_without_redis_there_is_simply_no_hit(user: int) -> None:
    nowhere = RedisLink("redis://127.0.0.1:1/0")
    keep_list(nowhere, user, 1, None, b"{}")
    assert kept_list(nowhere, user, 1, None) is None
