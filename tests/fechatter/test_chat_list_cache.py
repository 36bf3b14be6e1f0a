"""A kept chat list is given back only to whom it belongs, while nothing of its own has changed it."""

import os
from random import randrange

import orjson
import pytest
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from fechatter import models
from fechatter.actions.messages import delete_message
from fechatter.chat_list_cache import LONGEST, keep_list, kept_list
from fechatter.queries.chat_list import chat_list
from fechatter.redis_link import RedisLink
from fechatter.shapes import Shape
from tests.factories import a_message

EMPTY: Shape = {"items": [], "cursor": "1"}


@pytest.fixture
def redis() -> RedisLink:
    return RedisLink(os.environ["REDIS_URL"])


@pytest.fixture
def user() -> int:
    """Somebody whom no other run knows: they may share one Redis."""
    return randrange(10**12, 10**18)


@pytest.fixture
def connection(session: Session) -> Connection:
    return session.connection()


def a_list(*texts: str) -> Shape:
    """Of chats with these last messages, which nobody has deleted."""
    return {"items": [{"last_message": {"id": 2**62 + n, "content": text}} for n, text in enumerate(texts)]}


def test_what_was_kept_comes_back(redis: RedisLink, connection: Connection, user: int) -> None:
    chats = a_list("one\ntwo", "\U0001f600")
    body = keep_list(redis, user, 7, None, chats)
    assert orjson.loads(body) == chats
    assert kept_list(redis, connection, user, 7, None) == body


def test_nothing_kept_is_no_hit(redis: RedisLink, connection: Connection, user: int) -> None:
    assert kept_list(redis, connection, user, 0, None) is None


@pytest.mark.parametrize("version", [6, 8, 70])
def test_a_list_of_another_version_is_no_hit(redis: RedisLink, connection: Connection, user: int, version: int) -> None:
    keep_list(redis, user, 7, None, EMPTY)
    assert kept_list(redis, connection, user, version, None) is None


def test_a_list_is_of_one_person_and_one_workspace(redis: RedisLink, connection: Connection, user: int) -> None:
    body = keep_list(redis, user, 1, 12, EMPTY)
    assert kept_list(redis, connection, user, 1, 12) == body
    assert kept_list(redis, connection, user, 1, None) is None
    assert kept_list(redis, connection, user, 1, 13) is None
    assert kept_list(redis, connection, user + 1, 1, 12) is None


def test_a_list_is_forgotten_after_half_a_minute(redis: RedisLink, user: int) -> None:
    keep_list(redis, user, 1, None, EMPTY)
    [key] = redis.client.keys(f"chat_list:{user}:*")
    assert 0 < redis.client.pttl(key) <= 30_000


def test_a_huge_list_is_not_kept(redis: RedisLink, connection: Connection, user: int) -> None:
    body = keep_list(redis, user, 1, None, a_list("x" * LONGEST))
    assert len(body) > LONGEST
    assert redis.client.keys(f"chat_list:{user}:*") == []
    assert kept_list(redis, connection, user, 1, None) is None


def test_without_redis_there_is_simply_no_hit(connection: Connection, user: int) -> None:
    nowhere = RedisLink("redis://127.0.0.1:1/0")
    assert keep_list(nowhere, user, 1, None, EMPTY)
    assert kept_list(nowhere, connection, user, 1, None) is None


def test_a_list_that_was_read_before_a_deletion_and_kept_after_it_is_no_hit(
    redis: RedisLink, session: Session, user: int, chat: models.Chat, ann: models.User, ben: models.User
) -> None:
    message = a_message(session, chat, ann, "secret")
    read = chat_list(session.connection(), ben.id)
    assert b"secret" in orjson.dumps(read)
    delete_message(session, ann.id, message["id"])
    keep_list(redis, user, 1, None, read)
    assert kept_list(redis, session.connection(), user, 1, None) is None


def test_a_list_with_a_tombstone_is_kept_like_any_other(
    redis: RedisLink, session: Session, user: int, chat: models.Chat, ann: models.User, ben: models.User
) -> None:
    delete_message(session, ann.id, a_message(session, chat, ann, "secret")["id"])
    body = keep_list(redis, user, 1, None, chat_list(session.connection(), ben.id))
    assert b"deleted_at" in body
    assert kept_list(redis, session.connection(), user, 1, None) == body
