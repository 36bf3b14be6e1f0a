"""Each call says what a personal access token must be good for, and one that does not say so takes none."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from app.auth import signed_in
from fechatter.tokens import SCOPES
from tests.app.signing import Account, sign_up

WRITE = {
    "POST /api/chats/<id:chat_id>/messages",
    "PATCH /api/messages/<id:message_id>",
    "DELETE /api/messages/<id:message_id>",
    "POST /api/chats/<id:chat_id>/read",
    "POST /api/chats/<id:chat_id>/typing",
    "POST /api/chats/<id:chat_id>/join",
    "POST /api/chats/<id:chat_id>/leave",
}
OPENS_A_STREAM = {"POST /api/notifications/tickets"}
OF_THE_ACCOUNT = re.compile(r"\w+ /api/auth/|PATCH /api/users/me$|\w+ /api/notifications/push/")
STREAM = "GET /api/notifications/events"


def expected(call: str) -> str | None:
    """What each call with a token wants: one rule for all there are and will be, so that new ones are thought of."""
    if OF_THE_ACCOUNT.match(call):
        return None
    if call.startswith("GET ") or call in OPENS_A_STREAM:
        return "read"
    return "write" if call in WRITE else "manage"


def calls(app: Flask) -> Iterator[tuple[str, Rule, Any]]:
    """Those that want a token."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if "security" in getattr(view, "_apidoc", {}).get("manual_doc", {}):
                yield f"{method} {rule.rule}", rule, view


@pytest.fixture(scope="module")
def ann(app: Flask) -> Account:
    return sign_up(app.test_client())


@pytest.fixture(scope="module")
def tokens(ann: Account) -> dict[str, str]:
    """One for each scope, and one for all."""
    wanted = {scope: [scope] for scope in SCOPES} | {"all": list(SCOPES)}
    return {
        name: ann.post("/api/auth/tokens", {"name": name, "scopes": scopes}).json["token"]
        for name, scopes in wanted.items()
    }


def test_every_call_says_its_scope(app: Flask) -> None:
    found = {call: getattr(view, "scope", None) for call, _, view in calls(app) if call != STREAM}
    assert len(found) > 40
    assert found == {call: expected(call) for call in found}
    assert set(found) >= WRITE | OPENS_A_STREAM


def test_only_calls_without_a_person_want_no_token(app: Flask) -> None:
    want = {call for call, _, _ in calls(app)}
    every = {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/")
    }
    assert every - want == {
        "GET /api/invites/<token>",
        "POST /api/auth/signup",
        "POST /api/auth/signin",
        "POST /api/auth/refresh",
        "POST /api/auth/verify",
        "POST /api/auth/forgot",
        "POST /api/auth/reset",
        "GET /api/config",
    }


def test_a_token_does_what_it_was_made_for_and_nothing_else(app: Flask, ann: Account, tokens: dict[str, str]) -> None:
    """Ids are of nothing: a token that is good for the call gets past its check, to whatever comes of it."""
    for call, rule, _ in calls(app):
        method, path = call.split()[0], re.sub(r"<[^>]+>", str(2**62), rule.rule)
        for name, token in tokens.items():
            answer = ann.call(method, path, {} if method in ("POST", "PATCH") else None, token=token)
            is_refused = answer.status_code == 403 and answer.json["code"] == "insufficient_scope"
            wanted = expected(call)
            assert is_refused == (wanted is None or name not in (wanted, "all")), (call, name, answer.text)
            assert answer.status_code != 401, (call, name)


def test_what_others_have_written_is_for_tokens_that_may_read(app: Flask, ann: Account, tokens: dict[str, str]) -> None:
    """Else a chat that is found, changed or joined, and a message that is reported, would show what was said."""
    ben, said = sign_up(app.test_client()), "for Ann's eyes"
    workspace = ann.post("/api/workspaces", {"name": "Eyes"}).json["id"]
    invite = ann.post(f"/api/workspaces/{workspace}/invites", {}).json["token"]
    ben.post(f"/api/invites/{invite}/accept")
    single = {"workspace_id": workspace, "type": "single", "member_ids": [ben.id]}
    channel = {"workspace_id": workspace, "type": "public_channel", "name": "eyes", "member_ids": [ben.id]}
    chats = [ann.post("/api/chats", body).json["id"] for body in (single, channel)]
    messages = [ben.post(f"/api/chats/{chat}/messages", {"content": said}).json["id"] for chat in chats]
    report = ann.post(f"/api/messages/{messages[0]}/reports", {"reason": "Hm"}).json["id"]
    for scope, method, path, body in [
        ("manage", "POST", "/api/chats", single),
        ("manage", "PATCH", f"/api/chats/{chats[1]}", {"topic": "Eyes"}),
        ("write", "POST", f"/api/chats/{chats[1]}/join", None),
        ("manage", "POST", f"/api/messages/{messages[0]}/reports", {"reason": "Hm"}),
        ("manage", "POST", f"/api/messages/{messages[1]}/reports", {"reason": "Hm"}),
        ("manage", "PATCH", f"/api/workspaces/{workspace}/reports/{report}", {"resolved": True}),
    ]:
        for name, token in tokens.items():
            answer = ann.call(method, path, body, token=token)
            assert answer.status_code in ((200, 201) if name in (scope, "all") else (403,)), (path, name, answer.text)
            assert (said in answer.text) is (name == "all"), (path, name)
        assert said in ann.call(method, path, body).text, "who has signed in"


def test_who_has_signed_in_needs_no_scope(app: Flask, client: FlaskClient) -> None:
    ann = sign_up(client)
    last = "POST /api/auth/signout"
    for call, rule, _ in sorted(calls(app), key=lambda call: call[0] == last):
        method, path = call.split()[0], re.sub(r"<[^>]+>", str(2**62), rule.rule)
        answer = ann.call(method, path, {} if method in ("POST", "PATCH") else None)
        assert answer.status_code != 401, call
        assert "insufficient_scope" not in answer.text, call


def test_a_call_that_says_nothing_is_left_to_who_has_signed_in(app: Flask) -> None:
    def view() -> None:
        """Nothing."""

    assert signed_in(view).scope is None
    assert signed_in(scope="read")(view).scope == "read"


def test_the_description_shows_scopes(client: FlaskClient) -> None:
    paths = client.get("/openapi.json").json["paths"]
    assert paths["/api/chats"]["get"]["security"] == [{"bearer": []}, {"personal": ["read"]}]
    assert paths["/api/chats"]["post"]["security"] == [{"bearer": []}, {"personal": ["manage"]}]
    assert paths["/api/auth/tokens"]["post"]["security"] == [{"bearer": []}]
    assert {"personal": ["read"]} in paths["/api/notifications/events"]["get"]["security"]
