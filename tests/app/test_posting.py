"""What a post costs, what it sets off, and how it fares when PostgreSQL or Redis does not play along."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from time import monotonic, sleep
from typing import Any

import pytest
from flask import Flask
from psycopg2 import extensions
from sqlalchemy import Connection, Engine, text

from app.create import create_app
from fechatter import db, models
from tests.app.people import Person
from tests.by_the_clock import in_time
from tests.waiting import until_waiting


@pytest.fixture
def path(chat: models.Chat) -> str:
    return f"/api/chats/{chat.id}/messages"


@pytest.fixture
def woken(app: Flask) -> Iterator[list[int]]:
    """The workspaces whose relay is woken."""
    calls: list[int] = []

    class Recorder:
        def wake(self, workspace_ids: Any, has_mail: bool = False) -> None:
            calls.extend(workspace_ids)

    before = app.extensions["fechatter"]
    app.extensions["fechatter"] = replace(before, wakeup=Recorder())
    yield calls
    app.extensions["fechatter"] = before


@contextmanager
def chat_locked(engine: Engine, chat: models.Chat) -> Iterator[Connection]:
    """Somebody else holds the chat's lock, until the transaction ends."""
    with engine.connect() as connection, connection.begin() as transaction:
        connection.execute(text("SELECT FROM chats WHERE id = :id FOR NO KEY UPDATE"), {"id": chat.id})
        yield connection
        if transaction.is_active:
            transaction.rollback()


def test_a_post_is_one_round_trip_to_the_database(ann: Person, path: str) -> None:
    ann.post(path, {"content": "connects"})
    trips: list[int] = []

    def counted(connection: extensions.connection) -> None:
        trips.append(1)
        db._wait(connection)

    extensions.set_wait_callback(counted)
    answers = [ann.post(path, {"content": "x"}), ann.post(path, {"content": "x", "client_id": "c", "reply_to": None})]
    extensions.set_wait_callback(db._wait)
    assert [answer.status_code for answer in answers] == [201, 201]
    assert len(trips) == 2


def test_only_what_was_written_wakes_the_relay(
    woken: list[int], ann: Person, ben: Person, chat: models.Chat, path: str
) -> None:
    message = ann.post(path, {"content": "x", "client_id": "c"}).json
    assert woken == [chat.workspace_id]
    ann.post(path, {"content": "x", "client_id": "c"})
    ann.post(path, {"content": "x", "reply_to": 1})
    ann.get(path)
    assert woken == [chat.workspace_id]
    one = f"/api/messages/{message['id']}"
    assert ann.patch(one, {"content": "y"}).status_code == 200
    assert ben.post(f"/api/chats/{chat.id}/read", {"seq": 1}).status_code == 200
    assert ann.delete(one).status_code == 204
    assert woken == [chat.workspace_id] * 4


def test_a_post_that_gets_no_lock_in_time_is_a_503(ann: Person, chat: models.Chat, path: str, engine: Engine) -> None:
    begun = monotonic()
    with chat_locked(engine, chat):
        answer = ann.post(path, {"content": "x", "client_id": "c"})
    in_time(begun, 5)
    assert (answer.status_code, answer.json["code"], answer.headers["Retry-After"]) == (503, "busy", "1")
    assert ann.post(path, {"content": "x", "client_id": "c"}).status_code == 201


@pytest.mark.by_the_clock
def test_a_post_is_tried_again_after_a_deadlock(ann: Person, chat: models.Chat, path: str, engine: Engine) -> None:
    """Of those in the circle the one that waits last finds it, so the other must have looked and found none."""
    member = text("SELECT FROM chat_members WHERE chat_id = :chat AND user_id = :user FOR UPDATE")
    author = text("SELECT FROM users WHERE id = :user FOR UPDATE")
    the_chat = text("SELECT FROM chats WHERE id = :chat FOR UPDATE")
    ids = {"chat": chat.id, "user": ann.id}
    with ThreadPoolExecutor(2) as pool, engine.connect() as other, engine.connect() as gate:
        other.execute(text("SET LOCAL lock_timeout = 0"))
        gate.execute(member, ids)
        other.execute(author, ids)
        post = pool.submit(ann.post, path, {"content": "x"})
        until_waiting(engine, part="post_message_v2")
        circle = pool.submit(other.execute, the_chat, ids)
        until_waiting(engine, 2)
        sleep(1.3)  # deadlock_timeout is a second
        gate.commit()
        circle.result()
        other.commit()
        assert post.result().status_code == 201
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT last_seq FROM chats WHERE id = :id"), {"id": chat.id}) == 1


def post_through_a_break(person: Person, engine: Engine, chat: models.Chat, body: dict[str, Any]) -> Any:
    """The answer to a post whose connection breaks while it waits."""
    with ThreadPoolExecutor(1) as pool:
        with chat_locked(engine, chat):
            post = pool.submit(person.post, f"/api/chats/{chat.id}/messages", body)
            [pid] = until_waiting(engine, part="post_message_v2")
            with engine.begin() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid, 2000)"), {"pid": pid})
        return post.result()


def test_a_broken_connection_is_a_503_where_a_repeat_could_make_two(
    ann: Person, chat: models.Chat, engine: Engine
) -> None:
    answer = post_through_a_break(ann, engine, chat, {"content": "x"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")


def test_a_broken_connection_goes_unnoticed_with_a_client_id(ann: Person, chat: models.Chat, engine: Engine) -> None:
    answer = post_through_a_break(ann, engine, chat, {"content": "x", "client_id": "c"})
    assert (answer.status_code, answer.json["seq"]) == (201, 1)


@pytest.mark.by_the_clock
def test_a_broken_connection_that_several_posts_share_loses_none_and_doubles_none(
    ann: Person, chat: models.Chat, path: str, engine: Engine
) -> None:
    with ThreadPoolExecutor(9) as pool:
        with chat_locked(engine, chat):
            posts = [pool.submit(ann.post, path, {"content": "x", "client_id": str(number)}) for number in range(8)]
            unnamed = pool.submit(ann.post, path, {"content": "x"})
            until_waiting(engine, part="post_messages_v1")
            with engine.begin() as other:
                for pid in until_waiting(engine, 2, part="post_message"):
                    other.execute(text("SELECT pg_terminate_backend(:pid, 2000)"), {"pid": pid})
        answers = [post.result() for post in posts]
    assert {answer.status_code for answer in answers} == {201}
    stored = [answer.json["seq"] for answer in answers] + [unnamed.result().json.get("seq")]
    assert sorted(seq for seq in stored if seq) == list(range(1, 10 if unnamed.result().status_code == 201 else 9))
    assert unnamed.result().status_code in (201, 503)


def test_connections_that_broke_while_nobody_used_them_go_unnoticed(ann: Person, path: str, engine: Engine) -> None:
    assert ann.post(path, {"content": "x"}).status_code == 201
    with engine.begin() as other:
        query = "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE application_name = 'fechatter web'"
        other.execute(text(f"{query} AND datname = current_database()"))
    assert ann.post(path, {"content": "x"}).status_code == 201


def test_without_redis_a_post_is_a_201_within_a_second(without_redis: Flask, ann: Person, path: str) -> None:
    ann = ann.through(without_redis)
    for _ in range(3):
        begun = monotonic()
        assert ann.post(path, {"content": "x"}).status_code == 201
        in_time(begun, 1)


def test_without_postgresql_a_post_is_a_503_within_five_seconds(config: Any, ann: Person, path: str) -> None:
    gone = create_app(replace(config, database_url="postgresql://postgres@127.0.0.1:1/none"))
    begun = monotonic()
    answer = ann.through(gone).post(path, {"content": "x", "client_id": "c"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    in_time(begun, 5)
