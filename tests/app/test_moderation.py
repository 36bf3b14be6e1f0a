"""Suspensions, blocks, reports and the rules of channels, over HTTP."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from app.schemas.moderation import AuditEntrySchema, BlockSchema, ReportSchema, SuspensionSchema
from tests.app.people import Person, a_person
from tests.app.signing import assert_problem
from tests.app.test_invites import _alike
from tests.app.test_workspaces import a_workspace_of, in_workspace


@pytest.fixture
def acme(ann: Person, ben: Person) -> int:
    """A workspace of Ann's with Ben in it."""
    workspace_id = a_workspace_of(ann)
    in_workspace(workspace_id, ann, ben)
    return workspace_id


def a_chat(person: Person, workspace_id: int, type: str, *others: Person) -> str:
    """Its path."""
    body = {"workspace_id": workspace_id, "type": type, "member_ids": [other.id for other in others]}
    made = person.post("/api/chats", body | ({"name": type} if "channel" in type else {}))
    assert made.status_code == 201, made.text
    return f"/api/chats/{made.json['id']}"


def test_a_suspension_keeps_out_until_it_is_lifted(acme: int, ann: Person, ben: Person) -> None:
    path, channel = f"/api/workspaces/{acme}/suspensions", a_chat(ann, acme, "public_channel", ben)
    token = ann.post(f"/api/workspaces/{acme}/invites").json["token"]
    unknown = _alike(ben.post("/api/invites/unknown/accept", headers={"X-Request-ID": "same"}))
    made = ann.post(path, {"user_id": ben.id, "reason": "Spam"})
    assert (made.status_code, set(made.json)) == (201, set(SuspensionSchema().fields))
    assert (made.json["user_id"], made.json["role"], made.json["reason"]) == (ben.id, "member", "Spam")
    assert ann.get(path).json == {"items": [made.json], "next_cursor": None}
    assert (again := ann.post(path, {"user_id": ben.id})).status_code == 200
    assert again.json == made.json
    assert [ben.get(one).status_code for one in (f"/api/workspaces/{acme}", channel)] == [404, 404]
    assert _alike(ben.post(f"/api/invites/{token}/accept", headers={"X-Request-ID": "same"})) == unknown
    assert ann.delete(f"{path}/{ben.id}").status_code == 204
    assert ann.delete(f"{path}/{ben.id}").status_code == 404
    assert [ben.get(one).status_code for one in (f"/api/workspaces/{acme}", channel)] == [200, 200]


def test_suspensions_page_by_person(app: Flask, engine: Engine, acme: int, ann: Person) -> None:
    people = [a_person(app, engine) for _ in range(3)]
    path = f"/api/workspaces/{acme}/suspensions"
    for person in people:
        in_workspace(acme, ann, person)
        ann.post(path, {"user_id": person.id})
    first = ann.get(f"{path}?limit=2").json
    rest = ann.get(path, query_string={"limit": 2, "cursor": first["next_cursor"]}).json
    assert [one["user_id"] for one in first["items"] + rest["items"]] == sorted(person.id for person in people)
    assert rest["next_cursor"] is None


def test_a_block_closes_the_single_alike_for_both(acme: int, ann: Person, ben: Person) -> None:
    single = a_chat(ann, acme, "single", ben)
    message = ben.post(f"{single}/messages", {"content": "Hello"}).json
    seen = ben.get(single).json
    made = ann.post("/api/users/me/blocks", {"user_id": ben.id})
    assert (made.status_code, set(made.json), made.json["user_id"]) == (201, set(BlockSchema().fields), ben.id)
    assert ann.post("/api/users/me/blocks", {"user_id": ben.id}).status_code == 200
    assert [one["user_id"] for one in ann.get("/api/users/me/blocks").json["items"]] == [ben.id]
    assert ben.get("/api/users/me/blocks").json["items"] == []
    assert ben.get(single).json == seen
    calls: list[tuple[str, Any]] = [(f"{single}/messages", {"content": "x"}), (f"{single}/typing", None)]
    for path, body in calls:
        refused = [person.post(path, body, headers={"X-Request-ID": "same"}) for person in (ann, ben)]
        assert_problem(refused[1], 403, "blocked")
        assert refused[0].data == refused[1].data
    body = {"workspace_id": acme, "type": "single"}
    for one, other in ((ann, ben), (ben, ann)):
        assert_problem(one.post("/api/chats", body | {"member_ids": [other.id]}), 403, "blocked")
    assert_problem(ben.patch(f"/api/messages/{message['id']}", {"content": "x"}), 403, "blocked")
    assert ben.get(f"{single}/messages").json["items"][0] == message
    assert ann.delete(f"/api/users/me/blocks/{ben.id}").status_code == 204
    assert ann.delete(f"/api/users/me/blocks/{ben.id}").status_code == 404
    assert ben.post(f"{single}/messages", {"content": "x"}).status_code == 201


def test_a_read_only_channel_and_slow_mode_say_so(acme: int, ann: Person, ben: Person) -> None:
    path = a_chat(ann, acme, "public_channel", ben)
    changed = ann.patch(path, {"read_only": True, "slow_mode": 3})
    assert (changed.status_code, changed.json["read_only"], changed.json["slow_mode"]) == (200, True, 3)
    [listed] = ben.get(f"/api/chats?workspace_id={acme}", headers={"Cache-Control": "no-cache"}).json["items"]
    assert (listed["read_only"], listed["slow_mode"]) == (True, 3)
    assert_problem(ben.post(f"{path}/messages", {"content": "x"}), 403, "read_only")
    assert ann.post(f"{path}/messages", {"content": "x"}).status_code == 201
    assert ann.patch(path, {"read_only": False}).json["slow_mode"] == 3
    assert ben.post(f"{path}/messages", {"content": "x", "client_id": "c"}).status_code == 201
    refused = ben.post(f"{path}/messages", {"content": "x"})
    assert_problem(refused, 429, "slow_mode")
    assert refused.headers["Retry-After"] == "3"
    assert ben.post(f"{path}/messages", {"content": "x", "client_id": "c"}).status_code == 200
    assert ben.patch(path, {"slow_mode": 0}).status_code == 403


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"read_only": None}, "read_only"),
        ({"read_only": 1}, "read_only"),
        ({"read_only": "true"}, "read_only"),
        ({"slow_mode": -1}, "slow_mode"),
        ({"slow_mode": 21601}, "slow_mode"),
        ({"slow_mode": 1.5}, "slow_mode"),
        ({"slow_mode": None}, "slow_mode"),
        ({"closed": False}, "closed"),
    ],
)
def test_a_malformed_rule_is_invalid(acme: int, ann: Person, body: object, field: str) -> None:
    refused = ann.patch(a_chat(ann, acme, "public_channel"), body)
    assert (refused.status_code, list(refused.json["errors"])) == (422, [field])


@pytest.mark.parametrize("body", [{"read_only": True}, {"slow_mode": 0}])
def test_a_group_has_no_rules(acme: int, ann: Person, ben: Person, body: object) -> None:
    assert_problem(ben.patch(a_chat(ann, acme, "group", ben), body), 422, "invalid")


def test_a_report_goes_to_the_workspaces_owner_and_is_resolved(
    app: Flask, engine: Engine, acme: int, ann: Person, ben: Person
) -> None:
    in_workspace(acme, ann, cleo := a_person(app, engine))
    single = a_chat(ben, acme, "single", cleo)
    message = ben.post(f"{single}/messages", {"content": "Nasty"}).json
    path = f"/api/messages/{message['id']}/reports"
    made = cleo.post(path, {"reason": "Why"})
    assert (made.status_code, set(made.json), made.json["content"]) == (201, set(ReportSchema().fields), "Nasty")
    assert (again := cleo.post(path, {"reason": "Again"})).status_code == 200
    assert again.json == made.json
    assert_problem(ann.post(path, {"reason": "x"}), 404, "not_found")
    reports = f"/api/workspaces/{acme}/reports"
    assert ann.get(f"{reports}?resolved=false").json == {"items": [made.json], "next_cursor": None}
    resolved = ann.patch(f"{reports}/{made.json['id']}", {"resolved": True})
    assert (resolved.status_code, resolved.json["resolved_by"]) == (200, ann.id)
    assert ann.get(f"{reports}?resolved=false").json["items"] == []
    assert ann.get(f"{reports}?resolved=true").json["items"] == [resolved.json]
    assert ben.delete(f"/api/messages/{message['id']}").status_code == 204
    assert_problem(ben.post(path, {"reason": "x"}), 409, "message_deleted")
    for answer in (ann.get(reports), ann.get(f"/api/workspaces/{acme}/audit"), cleo.get("/api/auth/audit")):
        assert answer.status_code == 200
        assert "Nasty" not in answer.text


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": " "}, {"reason": "x" * 1001}, {"reason": "nul\0"}])
def test_a_report_needs_a_reason(acme: int, ann: Person, body: object) -> None:
    message = ann.post(f"{a_chat(ann, acme, 'public_channel')}/messages", {"content": "x"}).json
    assert ann.post(f"/api/messages/{message['id']}/reports", body).status_code == 422


def test_the_log_pages_from_the_newest_and_says_who_and_from_where(acme: int, ann: Person, ben: Person) -> None:
    path = f"/api/workspaces/{acme}/audit"
    ann.patch(f"/api/workspaces/{acme}", {"name": "Acme Tea"})
    first = ann.get(f"{path}?limit=1").json
    (entry,) = first["items"]
    assert set(entry) == set(AuditEntrySchema().fields)
    assert (entry["action"], entry["actor_id"], entry["address"]) == ("workspace.renamed", ann.id, "127.0.0.1")
    assert (entry["workspace_id"], len(entry["request_id"]) > 0) == (acme, True)
    rest = ann.get(path, query_string={"cursor": first["next_cursor"]}).json
    assert [one["id"] for one in rest["items"]] == sorted((one["id"] for one in rest["items"]), reverse=True)
    assert rest["items"][0]["id"] < entry["id"]
    narrowed = ann.get(f"{path}?action=member.joined&actor_id={ben.id}").json["items"]
    assert [(one["action"], one["target_id"]) for one in narrowed] == [("member.joined", ben.id)]
    assert_problem(ben.get(path), 403, "forbidden")


def test_posting_writes_nothing_to_the_log(acme: int, ann: Person, ben: Person) -> None:
    chat = a_chat(ann, acme, "public_channel", ben)
    before = ann.get(f"/api/workspaces/{acme}/audit").json
    message = ben.post(f"{chat}/messages", {"content": "x"}).json
    ben.patch(f"/api/messages/{message['id']}", {"content": "y"})
    ben.delete(f"/api/messages/{message['id']}")
    assert ann.get(f"/api/workspaces/{acme}/audit").json == before
