"""Chats over HTTP: their whole life, their forms, and the answers to what is wrong."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from app.schemas.chats import ChatSchema
from tests.app.people import Person, a_person
from tests.app.test_workspaces import a_workspace_of, in_workspace


@pytest.fixture
def acme(ann: Person, ben: Person) -> int:
    """A workspace of Ann's with Ben in it."""
    workspace_id = a_workspace_of(ann)
    in_workspace(workspace_id, ann, ben)
    return workspace_id


def a_channel(person: Person, workspace_id: int, name: str, type: str = "public_channel", **body: Any) -> int:
    made = person.post("/api/chats", {"workspace_id": workspace_id, "type": type, "name": name} | body)
    assert made.status_code == 201, made.text
    return made.json["id"]


def test_a_group_lives_from_making_to_deleting(acme: int, ann: Person, ben: Person) -> None:
    made = ann.post("/api/chats", {"workspace_id": acme, "type": "group", "member_ids": [ben.id, ben.id, ann.id]})
    assert made.status_code == 201
    chat, path = made.json, f"/api/chats/{made.json['id']}"
    assert set(chat) == set(ChatSchema().fields)
    assert (
        chat
        | {
            "workspace_id": acme,
            "type": "group",
            "name": None,
            "topic": "",
            "read_only": False,
            "slow_mode": 0,
            "member_count": 2,
            "member_ids": sorted([ann.id, ben.id]),
            "role": "owner",
            "last_seq": 0,
            "last_read_seq": 0,
            "unread_count": 0,
            "last_message": None,
        }
        == chat
    )
    posted = ann.post(f"{path}/messages", {"content": "Hello"}).json
    seen = ben.get(path).json
    assert seen == chat | {"role": "member", "last_seq": 1, "unread_count": 1, "last_message": posted}
    changed = ben.patch(path, {"name": " Us ", "topic": "Everything"})
    assert (changed.status_code, changed.json) == (200, seen | {"name": "Us", "topic": "Everything"})
    assert ben.patch(path, {}).json == changed.json
    assert ben.patch(path, {"name": None}).json["name"] is None
    assert ann.delete(path).status_code == 204
    assert [person.get(path).status_code for person in (ann, ben)] == [404, 404]


def test_the_chat_that_a_call_answers_with_is_the_one_in_the_list(acme: int, ann: Person) -> None:
    made = ann.post("/api/chats", {"workspace_id": acme, "type": "public_channel", "name": "News"}).json
    listed = ann.get(f"/api/chats?workspace_id={acme}").json["items"]
    assert listed == [made]


def test_a_single_is_made_once_and_then_found(acme: int, ann: Person, ben: Person) -> None:
    body = {"workspace_id": acme, "type": "single"}
    made = ann.post("/api/chats", body | {"member_ids": [ben.id], "name": None})
    found = ben.post("/api/chats", body | {"member_ids": [ann.id]})
    assert (made.status_code, found.status_code) == (201, 200)
    assert found.json == made.json
    assert (made.json["role"], made.json["member_ids"]) == ("member", sorted([ann.id, ben.id]))


def test_who_left_and_is_back_is_in_the_single_again(acme: int, ann: Person, ben: Person) -> None:
    body = {"workspace_id": acme, "type": "single", "member_ids": [ben.id]}
    made = ann.post("/api/chats", body).json
    ann.post(f"/api/chats/{made['id']}/messages", {"content": "Where are you?"})
    ben.delete(f"/api/workspaces/{acme}/members/{ben.id}")
    assert ann.post("/api/chats", body).status_code == 422
    in_workspace(acme, ann, ben)
    assert ben.get(f"/api/chats/{made['id']}").status_code == 404
    again = ann.post("/api/chats", body)
    assert (again.status_code, again.json["id"], again.json["member_count"]) == (200, made["id"], 2)
    assert ben.get(f"/api/chats/{made['id']}").json["unread_count"] == 0
    assert ben.get(f"/api/chats/{made['id']}/messages").json["items"][0]["content"] == "Where are you?"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"type": "chat"}, "type"),
        ({"type": None}, "type"),
        ({"type": "public_channel"}, "name"),
        ({"type": "private_channel", "name": None}, "name"),
        ({"type": "public_channel", "name": "   "}, "name"),
        ({"type": "public_channel", "name": "x" * 81}, "name"),
        ({"type": "public_channel", "name": "nul\0"}, "name"),
        ({"type": "public_channel", "name": "\udc00"}, "name"),
        ({"type": "public_channel", "name": "News", "topic": "x" * 501}, "topic"),
        ({"type": "public_channel", "name": "News", "topic": None}, "topic"),
        ({"type": "public_channel", "name": "News", "member_ids": [2**63]}, "member_ids.0"),
        ({"type": "public_channel", "name": "News", "member_ids": ["1"]}, "member_ids.0"),
        ({"type": "public_channel", "name": "News", "member_ids": [True]}, "member_ids.0"),
        ({"type": "public_channel", "name": "News", "member_ids": None}, "member_ids"),
        ({"type": "public_channel", "name": "News", "member_ids": [1] * 1001}, "member_ids"),
        ({"type": "public_channel", "name": "News", "member_ids": [2**62]}, "member_ids"),
        ({"type": "public_channel", "name": "News", "owner": 1}, "owner"),
        ({"type": "single", "name": "Us", "member_ids": [1]}, "name"),
        ({"type": "single", "topic": "Us", "member_ids": [1]}, "topic"),
        ({"type": "single"}, "member_ids"),
        ({"type": "single", "member_ids": [1, 2]}, "member_ids"),
        ({"type": "group"}, "member_ids"),
        ({"type": "public_channel", "name": "News", "workspace_id": 0}, "workspace_id"),
    ],
)
def test_a_malformed_chat_is_invalid(acme: int, ann: Person, body: dict[str, Any], field: str) -> None:
    refused = ann.post("/api/chats", {"workspace_id": acme} | body)
    assert (refused.status_code, list(refused.json.get("errors", {}))) == (422, [field])


def test_a_single_with_oneself_is_invalid(acme: int, ann: Person) -> None:
    refused = ann.post("/api/chats", {"workspace_id": acme, "type": "single", "member_ids": [ann.id]})
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["member_ids"])


@pytest.mark.parametrize("body", [{"name": ""}, {"name": None}, {"name": 1}, {"topic": "x" * 501}, {"type": "group"}])
def test_a_malformed_change_is_invalid(acme: int, ann: Person, body: object) -> None:
    channel = a_channel(ann, acme, "News")
    assert ann.patch(f"/api/chats/{channel}", body).status_code == 422


def test_a_name_that_is_taken_is_a_conflict(acme: int, ann: Person) -> None:
    a_channel(ann, acme, "News", "private_channel")
    other = a_channel(ann, acme, "Olds")
    body = {"workspace_id": acme, "type": "public_channel", "name": " NEWS "}
    for refused in (ann.post("/api/chats", body), ann.patch(f"/api/chats/{other}", {"name": "news"})):
        assert (refused.status_code, refused.json["code"]) == (409, "name_taken")


def test_a_public_channel_is_joined_and_left(acme: int, ann: Person, ben: Person) -> None:
    path = f"/api/chats/{a_channel(ann, acme, 'News')}"
    ann.post(f"{path}/messages", {"content": "for members"})
    outside = ben.get(path).json
    assert (outside["role"], outside["last_message"], outside["unread_count"]) == (None, None, 0)
    joined = ben.post(f"{path}/join")
    assert (joined.status_code, joined.json["role"], joined.json["member_count"]) == (200, "member", 2)
    assert (joined.json["unread_count"], joined.json["last_message"]["content"]) == (0, "for members")
    assert ben.post(f"{path}/join").json == joined.json
    assert ben.post(f"{path}/leave").status_code == 204
    assert ben.post(f"{path}/leave").status_code == 403
    refused = ann.post(f"{path}/leave")
    assert (refused.status_code, refused.json["code"]) == (409, "last_owner")


def test_calls_without_fields_take_none(acme: int, ann: Person) -> None:
    path = f"/api/chats/{a_channel(ann, acme, 'News')}"
    assert ann.post(f"{path}/join", {}).status_code == 200
    assert ann.post(f"{path}/join", {"role": "owner"}).status_code == 422


def test_ids_that_cannot_be_are_missing(app: Flask, engine: Engine) -> None:
    person = a_person(app, engine)
    for chat_id in (0, 2**63, "-1", "01", "x", "9" * 40):
        assert person.get(f"/api/chats/{chat_id}").status_code == 404
