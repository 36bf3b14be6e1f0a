"""Members of chats over HTTP."""

import pytest
from flask import Flask
from sqlalchemy import Engine

from tests.app.people import Person, a_person
from tests.app.test_chats import a_channel
from tests.app.test_workspaces import a_workspace_of, in_workspace


@pytest.fixture
def acme(ann: Person, ben: Person) -> int:
    """A workspace of Ann's with Ben in it."""
    workspace_id = a_workspace_of(ann)
    in_workspace(workspace_id, ann, ben)
    return workspace_id


@pytest.fixture
def news(acme: int, ann: Person) -> str:
    return f"/api/chats/{a_channel(ann, acme, 'News')}"


def test_those_asked_for_are_answered_whether_they_were_in_or_not(ann: Person, ben: Person, news: str) -> None:
    added = ann.post(f"{news}/members", {"user_ids": [ben.id, ann.id, ben.id]})
    assert added.status_code == 201
    assert {item["user_id"]: item["role"] for item in added.json["items"]} == {ann.id: "owner", ben.id: "member"}
    assert set(added.json["items"][0]) == {"user_id", "role", "name", "email", "avatar_url", "joined_at"}
    assert ben.get(news).json["role"] == "member"


def test_a_stranger_among_them_is_invalid(app: Flask, engine: Engine, ann: Person, ben: Person, news: str) -> None:
    stranger = a_person(app, engine).id
    refused = ann.post(f"{news}/members", {"user_ids": [ben.id, stranger]})
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["user_ids"])
    assert ben.get(news).json["role"] is None


@pytest.mark.parametrize("ids", [[], None, "1", [0], [1.5], [2**63], [None], [1] * 1001, {"1": 1}])
def test_malformed_ids_are_invalid(ann: Person, news: str, ids: object) -> None:
    assert ann.post(f"{news}/members", {"user_ids": ids}).status_code == 422


def test_members_are_listed_in_pages(acme: int, ann: Person, ben: Person, news: str) -> None:
    ben.post(f"{news}/join")
    first = ben.get(f"{news}/members?limit=1").json
    rest = ben.get(f"{news}/members?limit=1&cursor={first['next_cursor']}").json
    assert [(item["user_id"], item["role"]) for item in first["items"] + rest["items"]] == [
        (ann.id, "owner"),
        (ben.id, "member"),
    ]
    assert rest["next_cursor"] is None


def test_roles_are_changed_and_people_removed(ann: Person, ben: Person, news: str) -> None:
    path = f"{news}/members/{ben.id}"
    assert (ann.patch(path, {"role": "admin"}).status_code, ann.delete(path).status_code) == (404, 404)
    ben.post(f"{news}/join")
    changed = ann.patch(path, {"role": "admin"})
    assert (changed.status_code, changed.json["user_id"], changed.json["role"]) == (200, ben.id, "admin")
    assert ben.get(news).json["role"] == "admin"
    assert ann.delete(path).status_code == 204
    assert ben.get(news).json["role"] is None


def test_deleting_ones_own_membership_is_leaving(ann: Person, ben: Person, news: str) -> None:
    ben.post(f"{news}/join")
    assert ben.delete(f"{news}/members/{ben.id}").status_code == 204
    refused = ann.delete(f"{news}/members/{ann.id}")
    assert (refused.status_code, refused.json["code"]) == (409, "last_owner")
    refused = ann.patch(f"{news}/members/{ann.id}", {"role": "member"})
    assert (refused.status_code, refused.json["code"]) == (409, "last_owner")


@pytest.mark.parametrize(
    "body", [{}, {"role": "guest"}, {"role": None}, {"role": ["owner"]}, {"role": "admin", "x": 1}]
)
def test_a_malformed_role_is_invalid(ann: Person, news: str, body: object) -> None:
    assert ann.patch(f"{news}/members/{ann.id}", body).status_code == 422
