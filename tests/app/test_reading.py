"""Reading and typing over HTTP."""

from time import monotonic

import orjson
import pytest
from flask import Flask
from sqlalchemy import Engine

from fechatter import models
from fechatter.feed.passing import Passing, passing_channel, read_passing
from tests.app.people import Person, a_chat_of


def test_reading_answers_with_the_pointer(ann: Person, ben: Person, chat: models.Chat) -> None:
    for _ in range(3):
        ben.post(f"/api/chats/{chat.id}/messages", {"content": "x"})
    answers = [ann.post(f"/api/chats/{chat.id}/read", {"seq": seq}) for seq in (2, 1, 2**63 - 1)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert [answer.json for answer in answers] == [
        {"last_read_seq": 2, "unread_count": 1},
        {"last_read_seq": 2, "unread_count": 1},
        {"last_read_seq": 3, "unread_count": 0},
    ]


@pytest.mark.parametrize("body", [{}, {"seq": -1}, {"seq": "1"}, {"seq": None}, {"seq": 2**63}, {"seq": 1, "x": 1}])
def test_a_malformed_pointer_is_invalid(ann: Person, chat: models.Chat, body: object) -> None:
    assert ann.post(f"/api/chats/{chat.id}/read", body).status_code == 422


def test_typing_is_published_for_the_others(app: Flask, ann: Person, chat: models.Chat) -> None:
    expected = Passing(chat.workspace_id, "typing", chat.id, [ann.id], 0, "")
    heard = app.extensions["fechatter"].redis.client.pubsub(ignore_subscribe_messages=True)
    heard.subscribe(passing_channel(expected))
    assert ann.post(f"/api/chats/{chat.id}/typing").status_code == 204
    event, until = None, monotonic() + 60
    while event is None and monotonic() < until:
        message = heard.get_message(timeout=0.2)
        event = read_passing(message["data"]) if message else None
    heard.close()
    assert event
    assert event._replace(body="", head=0) == expected
    said = orjson.loads(event.body)
    assert said == {
        "type": "typing",
        "workspace_id": chat.workspace_id,
        "chat_id": chat.id,
        "actor_id": ann.id,
        "user_id": ann.id,
        "at": said["at"],
    }


def test_without_redis_typing_is_no_error(without_redis: Flask, ann: Person, chat: models.Chat) -> None:
    assert ann.through(without_redis).post(f"/api/chats/{chat.id}/typing").status_code == 204


def test_typing_takes_no_fields(ann: Person, chat: models.Chat) -> None:
    assert ann.post(f"/api/chats/{chat.id}/typing", {"text": "Hel"}).status_code == 422


def test_who_only_sees_a_channel_does_not_type_in_it(ann: Person, ben: Person, engine: Engine) -> None:
    chat = a_chat_of(engine, ann)
    assert ben.post(f"/api/chats/{chat.id}/typing").status_code == 404
