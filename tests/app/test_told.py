"""What one wants to be told of: by chat, and whether at all for now; for oneself alone."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine

from fechatter import models
from fechatter.shapes import rfc3339
from tests.app.people import Person, a_chat_of, a_person
from tests.app.signing import assert_problem

SETTINGS = "/api/notifications/settings"


def level(chat: models.Chat) -> str:
    return f"/api/chats/{chat.id}/notifications"


def ahead(**time: float) -> str:
    return rfc3339(datetime.now(UTC) + timedelta(**time))


def test_a_level_is_chosen_shown_and_taken_back(ann: Person, ben: Person, chat: models.Chat) -> None:
    assert ann.get(level(chat)).json == {"level": "default"}
    for word in ("nothing", "all", "default"):
        answer = ann.patch(level(chat), {"level": word})
        assert (answer.status_code, answer.json) == (200, {"level": word})
        assert ann.get(level(chat)).json == {"level": word}
        chosen = [] if word == "default" else [{"chat_id": chat.id, "level": word}]
        assert ann.get(SETTINGS).json == {"paused_until": None, "chats": chosen}
    assert ben.get(level(chat)).json == {"level": "default"}
    assert ben.get(SETTINGS).json["chats"] == []


@pytest.mark.parametrize("body", [{}, {"level": "some"}, {"level": None}, {"level": "all", "more": 1}])
def test_another_word_is_refused(ann: Person, chat: models.Chat, body: object) -> None:
    assert_problem(ann.patch(level(chat), body), 422, "invalid")


def test_of_a_chat_that_one_is_not_in_there_is_nothing_to_choose(app: Flask, engine: Engine, ann: Person) -> None:
    other, body = a_person(app, engine), {"level": "all"}
    channel = a_chat_of(engine, ann, type="public_channel")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO workspace_members (workspace_id, user_id, role, since) VALUES (%s, %s, 'member', 0)",
            (channel.workspace_id, other.id),
        )
    for answer in (other.get(level(channel)), other.patch(level(channel), body)):
        assert_problem(answer, 403, "forbidden")
    for answer in (a_person(app, engine).get(level(channel)), a_person(app, engine).patch(level(channel), body)):
        assert_problem(answer, 404, "not_found")


def test_who_leaves_and_comes_back_begins_anew(ann: Person, ben: Person, engine: Engine) -> None:
    channel = a_chat_of(engine, ann, ben, type="public_channel")
    ben.patch(level(channel), {"level": "all"})
    assert ben.post(f"/api/chats/{channel.id}/leave").status_code == 204
    assert ben.get(SETTINGS).json["chats"] == []
    ben.post(f"/api/chats/{channel.id}/join")
    assert ben.get(level(channel)).json == {"level": "default"}


def test_a_pause_is_set_shown_and_ended(ann: Person, ben: Person) -> None:
    until = ahead(hours=8)
    for body, shown in (({"paused_until": until}, until), ({}, until), ({"paused_until": None}, None)):
        answer = ann.patch(SETTINGS, body)
        assert (answer.status_code, answer.json) == (200, {"paused_until": shown, "chats": []})
        assert ann.get(SETTINGS).json["paused_until"] == shown
    assert ben.get(SETTINGS).json["paused_until"] is None


def test_a_time_that_has_passed_is_no_pause(ann: Person) -> None:
    ann.patch(SETTINGS, {"paused_until": ahead(hours=1)})
    assert ann.patch(SETTINGS, {"paused_until": ahead(seconds=-1)}).json["paused_until"] is None
    assert ann.patch(SETTINGS, {"paused_until": "0001-01-01T00:00:00Z"}).json["paused_until"] is None


def test_a_pause_that_is_over_is_not_shown(ann: Person, engine: Engine) -> None:
    ann.patch(SETTINGS, {"paused_until": ahead(hours=1)})
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE users SET notifications_paused_until = now() WHERE id = %s", (ann.id,))
    assert ann.get(SETTINGS).json["paused_until"] is None


@pytest.mark.parametrize(
    "until", ["soon", 7, "2099-01-01", "2099-01-01T00:00:00", "9999-12-31T23:59:59Z", "2099-01-01T00:00:00+01:00", ""]
)
def test_what_is_no_time_to_come_is_named(ann: Person, until: object) -> None:
    answer = ann.patch(SETTINGS, {"paused_until": until})
    assert_problem(answer, 422, "invalid")
    assert list(answer.json["errors"]) == ["paused_until"]
