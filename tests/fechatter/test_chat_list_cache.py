"""A kept chat list is given back only to whom it belongs, while nothing of its own has changed it."""

import os
from random import randrange

import orjson
import pytest
from sqlalchemy.orm import Session

from fechatter import models
from fechatter.actions.messages import delete_message
from fechatter.chat_list_cache import own_chats
from fechatter.errors import NotFound, SessionEnded
from fechatter.redis_link import RedisLink
from tests.factories import a_chat, a_message, a_session, a_user, a_workspace


class Reader:
    """Somebody who asks for the list again and again, from one session."""

    def __init__(self, session: Session, user: models.User, redis: RedisLink) -> None:
        self.session, self.user, self.redis = session, user, redis
        self.sign_in = a_session(session, user)

    def ask(self, workspace_id: int | None = None, read_through: bool = False) -> bytes:
        return own_chats(
            self.redis, self.session.connection(), self.sign_in.id, self.user.id, workspace_id, read_through
        )

    def bump(self, version: int) -> None:
        self.user.list_version = version
        self.session.flush()

    @property
    def keys(self) -> list[bytes]:
        return self.redis.client.keys(f"chat_list:{self.user.id}:*")


@pytest.fixture
def redis() -> RedisLink:
    return RedisLink(os.environ["REDIS_URL"], timeout=30)


def somebody(session: Session) -> models.User:
    """Whom no other run knows: they may share one Redis."""
    return a_user(session, id=randrange(10**12, 10**18))


@pytest.fixture
def ann(session: Session) -> models.User:
    return somebody(session)


@pytest.fixture
def ben(session: Session) -> models.User:
    return somebody(session)


@pytest.fixture
def reader(session: Session, redis: RedisLink, chat: models.Chat, ben: models.User) -> Reader:
    return Reader(session, ben, redis)


def test_what_was_kept_comes_back(session: Session, reader: Reader, chat: models.Chat, ann: models.User) -> None:
    a_message(session, chat, ann, "one\ntwo \U0001f600")
    first = reader.ask()
    assert orjson.loads(first)["items"][0]["last_message"]["content"] == "one\ntwo \U0001f600"
    a_message(session, chat, ann, "newer")
    assert reader.ask() == first
    assert b"newer" in reader.ask(read_through=True)
    assert b"newer" in reader.ask()


@pytest.mark.parametrize("version", [6, 8, 70])
def test_a_list_of_another_version_is_no_hit(
    session: Session, reader: Reader, chat: models.Chat, ann: models.User, version: int
) -> None:
    reader.bump(7)
    reader.ask()
    a_message(session, chat, ann, "newer")
    reader.bump(version)
    assert b"newer" in reader.ask()


def test_a_list_is_of_one_person_and_one_workspace(
    session: Session, reader: Reader, chat: models.Chat, ann: models.User
) -> None:
    other = a_chat(session, a_workspace(session), with_members=[reader.user])
    here, all_of_them = reader.ask(chat.workspace_id), reader.ask()
    assert [item["id"] for item in orjson.loads(here)["items"]] == [chat.id]
    assert [item["id"] for item in orjson.loads(all_of_them)["items"]] == [other.id, chat.id]
    assert (reader.ask(chat.workspace_id), reader.ask()) == (here, all_of_them)
    with pytest.raises(NotFound):
        reader.ask(a_workspace(session).id)
    assert orjson.loads(Reader(session, ann, reader.redis).ask())["items"][0]["role"] == "owner"


def test_a_list_is_forgotten_after_half_a_minute(reader: Reader) -> None:
    reader.ask()
    [key] = reader.keys
    assert 0 < reader.redis.client.pttl(key) <= 30_000


def test_a_huge_list_is_not_kept(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fechatter.chat_list_cache.LONGEST", len(reader.ask()))
    reader.redis.client.delete(*reader.keys)
    reader.ask()
    assert len(reader.keys) == 1
    monkeypatch.setattr("fechatter.chat_list_cache.LONGEST", len(reader.ask()) - 1)
    reader.redis.client.delete(*reader.keys)
    reader.ask()
    assert reader.keys == []


def test_without_redis_each_list_is_read(session: Session, chat: models.Chat, ann: models.User) -> None:
    reader = Reader(session, ann, RedisLink("redis://127.0.0.1:1/0"))
    reader.ask()
    a_message(session, chat, ann, "newer")
    assert b"newer" in reader.ask()


def test_an_ended_session_gets_no_list_be_it_kept_or_not(session: Session, reader: Reader) -> None:
    reader.ask()
    reader.sign_in.ended_at = reader.sign_in.created_at
    session.flush()
    for read_through in (False, True):
        with pytest.raises(SessionEnded):
            reader.ask(read_through=read_through)
    with pytest.raises(SessionEnded):
        reader.ask(workspace_id=2**62)


def test_a_session_of_another_person_is_none(session: Session, reader: Reader) -> None:
    reader.sign_in = a_session(session, a_user(session))
    with pytest.raises(SessionEnded):
        reader.ask()


def test_a_list_that_was_read_before_a_deletion_and_kept_after_it_is_no_hit(
    session: Session, reader: Reader, chat: models.Chat, ann: models.User
) -> None:
    message = a_message(session, chat, ann, "secret")
    assert b"secret" in reader.ask()
    [key] = reader.keys
    read_before = reader.redis.client.get(key)
    delete_message(session, ann.id, message["id"])
    reader.redis.client.set(key, read_before, ex=30)
    assert b"secret" not in reader.ask()


def test_a_list_with_a_tombstone_is_kept_like_any_other(
    session: Session, reader: Reader, chat: models.Chat, ann: models.User
) -> None:
    delete_message(session, ann.id, a_message(session, chat, ann, "secret")["id"])
    first = reader.ask()
    assert b"deleted_at" in first
    a_message(session, chat, ann, "newer")
    assert reader.ask() == first
