"""Workspaces over HTTP: their whole life, their forms, and the answers to what is wrong."""

import pytest
from flask import Flask
from sqlalchemy import Engine

from app.pagination import write_key
from tests.app.people import Person, a_person


def a_workspace_of(person: Person, name: str = "Acme") -> int:
    return person.post("/api/workspaces", {"name": name}).json["id"]


def in_workspace(workspace_id: int, owner: Person, person: Person, role: str = "member") -> None:
    """By the only way there is."""
    invite = owner.post(f"/api/workspaces/{workspace_id}/invites", {"role": role}).json
    assert person.post(f"/api/invites/{invite['token']}/accept").status_code == 200


def test_a_workspace_lives_from_making_to_deleting(ann: Person) -> None:
    made = ann.post("/api/workspaces", {"name": "  Acme & Söhne  "})
    assert made.status_code == 201
    workspace = made.json
    assert set(workspace) == {"id", "name", "slug", "role", "member_count", "created_at"}
    assert (workspace["name"], workspace["role"], workspace["member_count"]) == ("Acme & Söhne", "owner", 1)
    path = f"/api/workspaces/{workspace['id']}"
    assert ann.get(path).json == workspace
    assert workspace in ann.get("/api/workspaces").json["items"]
    assert ann.get("/api/workspaces").json["next_cursor"] is None
    renamed = ann.patch(path, {"name": "Umbrella"})
    assert (renamed.status_code, renamed.json) == (200, workspace | {"name": "Umbrella"})
    assert ann.patch(path, {}).json == renamed.json
    assert ann.delete(path).status_code == 204
    assert ann.get(path).status_code == 404
    assert workspace["id"] not in [item["id"] for item in ann.get("/api/workspaces").json["items"]]


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, None, 5, "nul\0", "\ud800", ["Acme"]])
def test_a_workspace_needs_a_name_that_can_be_kept(ann: Person, name: object) -> None:
    refused = ann.post("/api/workspaces", {"name": name})
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["name"])
    assert ann.patch(f"/api/workspaces/{a_workspace_of(ann)}", {"name": name}).status_code == 422


def test_unknown_fields_are_invalid(ann: Person) -> None:
    refused = ann.post("/api/workspaces", {"name": "Acme", "slug": "mine"})
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["slug"])


def test_members_are_listed_in_pages(app: Flask, engine: Engine, ann: Person) -> None:
    workspace_id = a_workspace_of(ann)
    people = [a_person(app, engine, f"person{number}") for number in range(4)]
    for person in people:
        in_workspace(workspace_id, ann, person, "guest")
    path, seen, cursor = f"/api/workspaces/{workspace_id}/members?limit=2", [], ""
    while cursor is not None:
        page = ann.get(path + (f"&cursor={cursor}" if cursor else "")).json
        assert len(page["items"]) <= 2
        seen += page["items"]
        cursor = page["next_cursor"]
    assert [(item["user_id"], item["role"]) for item in seen] == [
        (ann.id, "owner"),
        *((person.id, "guest") for person in people),
    ]
    assert set(seen[0]) == {"user_id", "role", "name", "email", "avatar_url", "joined_at"}


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "cursor=x", "cursor=WzEsMl0"])
def test_a_malformed_page_is_invalid(ann: Person, query: str) -> None:
    workspace_id = a_workspace_of(ann)
    for list_ in ("members", "channels"):
        assert ann.get(f"/api/workspaces/{workspace_id}/{list_}?{query}").status_code == 422


def test_roles_are_changed_and_people_removed(ann: Person, ben: Person) -> None:
    workspace_id = a_workspace_of(ann)
    in_workspace(workspace_id, ann, ben)
    path = f"/api/workspaces/{workspace_id}/members/{ben.id}"
    changed = ann.patch(path, {"role": "admin"})
    assert (changed.status_code, changed.json["user_id"], changed.json["role"]) == (200, ben.id, "admin")
    assert ben.get(f"/api/workspaces/{workspace_id}").json["role"] == "admin"
    assert ann.delete(path).status_code == 204
    assert ben.get(f"/api/workspaces/{workspace_id}").status_code == 404
    assert ann.delete(path).status_code == 404
    assert ann.patch(path, {"role": "admin"}).status_code == 404


@pytest.mark.parametrize("body", [{}, {"role": "king"}, {"role": None}, {"role": "admin", "name": "Ben"}, []])
def test_a_malformed_role_is_invalid(ann: Person, body: object) -> None:
    assert ann.patch(f"/api/workspaces/{a_workspace_of(ann)}/members/{ann.id}", body).status_code == 422


def test_the_sole_owner_is_told_why_it_cannot_go(ann: Person) -> None:
    path = f"/api/workspaces/{a_workspace_of(ann)}/members/{ann.id}"
    for refused in (ann.delete(path), ann.patch(path, {"role": "member"})):
        assert (refused.status_code, refused.json["code"]) == (409, "last_owner")


def test_channels_are_listed_by_name_in_pages(ann: Person, ben: Person) -> None:
    workspace_id = a_workspace_of(ann)
    in_workspace(workspace_id, ann, ben)
    for name in ("delta", "Alpha", "charlie"):
        ann.post("/api/chats", {"workspace_id": workspace_id, "type": "public_channel", "name": name})
    path = f"/api/workspaces/{workspace_id}/channels?limit=2"
    first = ben.get(path).json
    rest = ben.get(f"{path}&cursor={first['next_cursor']}").json
    assert [channel["name"] for channel in first["items"] + rest["items"]] == ["Alpha", "charlie", "delta"]
    assert rest["next_cursor"] is None
    assert {channel["is_member"] for channel in first["items"]} == {False}
    assert {channel["is_member"] for channel in ann.get(path).json["items"]} == {True}


def test_the_cursor_behind_the_longest_name_is_taken_back(ann: Person) -> None:
    workspace_id = a_workspace_of(ann)
    for name in ("\ufdfa" * 80, "\U0010fffd" * 80):
        new = {"workspace_id": workspace_id, "type": "public_channel", "name": name}
        assert ann.post("/api/chats", new).status_code == 201
    path = f"/api/workspaces/{workspace_id}/channels?limit=1"
    first = ann.get(path).json
    [second] = ann.get(f"{path}&cursor={first['next_cursor']}").json["items"]
    assert {first["items"][0]["name"], second["name"]} == {"\ufdfa" * 80, "\U0010fffd" * 80}


def test_no_cursor_tells_a_guest_whether_a_channel_is_there(ann: Person, ben: Person) -> None:
    workspace_id = a_workspace_of(ann)
    in_workspace(workspace_id, ann, ben, "guest")
    path, ids = f"/api/workspaces/{workspace_id}/channels", []
    for name in ("hidden", "zebra"):
        chat = ann.post("/api/chats", {"workspace_id": workspace_id, "type": "public_channel", "name": name}).json
        ids.append(chat["id"])
    assert ann.post(f"/api/chats/{ids[1]}/members", {"user_ids": [ben.id]}).status_code == 201
    answers = [ben.get(f"{path}?cursor={write_key([id])}") for id in (*ids, 2**62)]
    assert [answer.status_code for answer in answers] == [422] * 3
    assert {str(answer.json["errors"]) for answer in answers} == {"{'cursor': ['Not a cursor of this list.']}"}
    pages = [ben.get(f"{path}?cursor={write_key([name])}").json["items"] for name in ("hidden", "hiddem", "hiddeo")]
    assert [[channel["name"] for channel in page] for page in pages] == [["zebra"]] * 3
