"""Invitations over HTTP, and that all which do not hold are answered alike."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from werkzeug.test import TestResponse

from fechatter.queries.invites import hash_token
from tests.app.people import Person, a_person
from tests.app.test_workspaces import a_workspace_of, in_workspace
from tests.factories import committed


def test_an_invitation_carries_what_opens_it_this_once(ann: Person, ben: Person) -> None:
    workspace_id = a_workspace_of(ann)
    made = ann.post(f"/api/workspaces/{workspace_id}/invites")
    assert made.status_code == 201
    invite = made.json
    assert invite["url"].endswith(f"/invite/{invite['token']}")
    assert (invite["role"], invite["email"], invite["max_uses"], invite["uses"]) == ("member", None, None, 0)
    (listed,) = ann.get(f"/api/workspaces/{workspace_id}/invites").json["items"]
    assert listed == {name: value for name, value in invite.items() if name not in ("token", "url")}
    accepted = ben.post(f"/api/invites/{invite['token']}/accept")
    assert (accepted.status_code, accepted.json["id"], accepted.json["role"]) == (200, workspace_id, "member")
    assert accepted.json["member_count"] == 2
    assert ben.post(f"/api/invites/{invite['token']}/accept").json == accepted.json


def test_an_invitation_lasts_a_week_and_one_for_an_address_has_one_use(ann: Person) -> None:
    path = f"/api/workspaces/{a_workspace_of(ann)}/invites"
    invite = ann.post(path, {"email": "Someone@Example.org"}).json
    lasts = datetime.fromisoformat(invite["expires_at"]) - datetime.fromisoformat(invite["created_at"])
    assert abs(lasts - timedelta(days=7)) < timedelta(minutes=1)
    assert (invite["email"], invite["max_uses"]) == ("Someone@example.org", 1)
    chosen = ann.post(path, {"email": None, "max_uses": 1000, "expires_in": 60, "role": "owner"})
    assert (chosen.status_code, chosen.json["max_uses"], chosen.json["role"]) == (201, 1000, "owner")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"role": "king"}, "role"),
        ({"max_uses": 0}, "max_uses"),
        ({"max_uses": 1001}, "max_uses"),
        ({"expires_in": 0}, "expires_in"),
        ({"expires_in": 30 * 86400 + 1}, "expires_in"),
        ({"expires_in": None}, "expires_in"),
        ({"token": "mine"}, "token"),
    ],
)
def test_a_malformed_invitation_is_invalid(ann: Person, body: object, field: str) -> None:
    refused = ann.post(f"/api/workspaces/{a_workspace_of(ann)}/invites", body)
    assert (refused.status_code, list(refused.json["errors"])) == (422, [field])


def test_the_address_of_an_invitation_is_compared_without_regard_to_case(
    engine: Engine, ann: Person, ben: Person
) -> None:
    email = ben.get("/api/users/me").json["email"]
    path = f"/api/workspaces/{a_workspace_of(ann)}/invites"
    invite = ann.post(path, {"email": email.upper()}).json
    assert ben.post(f"/api/invites/{invite['token']}/accept").status_code == 200


def test_all_invitations_that_do_not_hold_are_answered_alike(app: Flask, engine: Engine, ann: Person) -> None:
    workspace_id, deleted = a_workspace_of(ann), a_workspace_of(ann)
    path = f"/api/workspaces/{workspace_id}/invites"

    def token(**body: object) -> str:
        return ann.post(path, body).json["token"]

    used, late, foreign = token(max_uses=1), token(expires_in=60), token(email="someone@example.org")
    assert a_person(app, engine).post(f"/api/invites/{used}/accept").status_code == 200
    withdrawn = ann.post(path).json
    assert ann.delete(f"{path}/{withdrawn['id']}").status_code == 204
    gone = ann.post(f"/api/workspaces/{deleted}/invites").json["token"]
    ann.delete(f"/api/workspaces/{deleted}")
    _expire(engine, late)
    stranger = a_person(app, engine)
    over = ("unknown", "x" * 500, "%F0%9F%92%A5", "%00", used, late, withdrawn["token"], gone)
    same = {"X-Request-ID": "same"}
    accepting = {_alike(stranger.post(f"/api/invites/{one}/accept", headers=same)) for one in (*over, foreign)}
    opening = {_alike(stranger.get(f"/api/invites/{one}", headers=same)) for one in over}
    for answers in (accepting, opening):
        assert len(answers) == 1
        assert answers.pop()[0] == 404


@pytest.mark.parametrize("body", [{}, {"role": "guest"}, {"email": "someone@example.org"}, {"max_uses": 3}])
def test_whoever_holds_it_may_know_what_it_is_for(ann: Person, client: FlaskClient, body: dict[str, str]) -> None:
    invite = ann.post(f"/api/workspaces/{a_workspace_of(ann)}/invites", body).json
    opened = client.get(f"/api/invites/{invite['token']}")
    assert opened.status_code == 200
    assert opened.json == {
        "workspace_name": "Acme",
        "inviter_name": "ann",
        "role": invite["role"],
        "expires_at": invite["expires_at"],
    }
    assert opened.headers["Cache-Control"] == "no-store"


def test_opening_one_uses_nothing_up(ann: Person, client: FlaskClient) -> None:
    path = f"/api/workspaces/{a_workspace_of(ann)}/invites"
    token = ann.post(path, {"max_uses": 1}).json["token"]
    assert [client.get(f"/api/invites/{token}").status_code for _ in range(3)] == [200] * 3
    assert ann.get(path).json["items"][0]["uses"] == 0


def test_one_of_who_may_invite_no_more_is_over(app: Flask, engine: Engine, ann: Person, client: FlaskClient) -> None:
    workspace_id, ben = a_workspace_of(ann), a_person(app, engine)
    in_workspace(workspace_id, ann, ben)
    ann.patch(f"/api/workspaces/{workspace_id}/members/{ben.id}", {"role": "admin"})
    token = ben.post(f"/api/workspaces/{workspace_id}/invites").json["token"]
    assert client.get(f"/api/invites/{token}").status_code == 200
    ann.delete(f"/api/workspaces/{workspace_id}/members/{ben.id}")
    assert client.get(f"/api/invites/{token}").status_code == 404


def _expire(engine: Engine, token: str) -> None:
    with committed(engine) as session:
        session.execute(
            text("UPDATE invites SET expires_at = now() - interval '1 second' WHERE token_hash = :hash"),
            {"hash": hash_token(token)},
        )


def _alike(answer: TestResponse) -> tuple[int, bytes, str]:
    headers = [(name, value) for name, value in answer.headers if name != "Date"]
    return answer.status_code, answer.data, str(sorted(headers))


def test_invitations_are_the_rulers_business(ann: Person, ben: Person) -> None:
    workspace_id = a_workspace_of(ann)
    path = f"/api/workspaces/{workspace_id}/invites"
    invite = ann.post(path).json
    calls = (lambda: ben.get(path), lambda: ben.post(path), lambda: ben.delete(f"{path}/{invite['id']}"))
    assert [call().status_code for call in calls] == [404, 404, 404]
    in_workspace(workspace_id, ann, ben)
    assert [call().status_code for call in calls] == [403, 403, 403]
    ann.patch(f"/api/workspaces/{workspace_id}/members/{ben.id}", {"role": "admin"})
    assert [call().status_code for call in calls] == [200, 201, 204]
    assert ben.delete(f"{path}/{invite['id']}").status_code == 404
    assert ben.post(path, {"role": "admin"}).status_code == 403


def test_accepting_needs_an_account(client: FlaskClient, ann: Person) -> None:
    token = ann.post(f"/api/workspaces/{a_workspace_of(ann)}/invites").json["token"]
    refused = client.post(f"/api/invites/{token}/accept")
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer")
