"""Personal access tokens: made by who has signed in, good for their scopes, gone at once when they end."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from fechatter import models
from fechatter.actions.tokens import MOST_TOKENS
from fechatter.config import Config
from frame.bearer import KNOWN_FOR
from tests.app.people import Person, a_person
from tests.app.signing import PASSWORD, Account, assert_problem, sign_in, sign_up
from tests.app.test_limited import limited_app, limits
from tests.factories import a_session, a_user, committed

__all__ = ["limits"]
ALL = ["read", "write", "manage"]


@pytest.fixture
def ann(client: FlaskClient) -> Account:
    return sign_up(client, workspace="Acme")


def make(account: Account, *scopes: str, **more: object) -> tuple[str, int]:
    body = {"name": "A bot", "scopes": list(scopes or ALL)} | more
    answer = account.post("/api/auth/tokens", body)
    assert answer.status_code == 201, answer.text
    return answer.json["token"], answer.json["id"]


def rows(engine: Engine, query: str, **values: object) -> list[tuple[object, ...]]:
    with engine.begin() as connection:
        return [tuple(row) for row in connection.execute(text(query), values)]


def test_a_token_is_shown_once_and_is_known_by_its_form(ann: Account) -> None:
    answer = ann.post("/api/auth/tokens", {"name": "A bot", "scopes": ["write", "read", "read"]})
    assert answer.status_code == 201
    made = answer.json
    assert set(made) == {"id", "name", "scopes", "created_at", "last_used_at", "expires_at", "token"}
    assert re.fullmatch(r"fch_[A-Za-z0-9_-]{43}", made["token"])
    assert (made["name"], made["scopes"], made["last_used_at"]) == ("A bot", ["read", "write"], None)
    lasts = datetime.fromisoformat(made["expires_at"]) - datetime.fromisoformat(made["created_at"])
    assert lasts == timedelta(days=90)
    assert answer.headers["Cache-Control"] == "no-store"
    listed = ann.get("/api/auth/tokens")
    assert listed.json == {"items": [{k: v for k, v in made.items() if k != "token"}], "next_cursor": None}


def test_the_token_itself_is_stored_nowhere(ann: Account, engine: Engine) -> None:
    token, _ = make(ann)
    stored = rows(engine, "SELECT s::text FROM sessions s WHERE user_id = :id", id=ann.id)
    stored += rows(engine, "SELECT a::text FROM audit_log a WHERE actor_id = :id", id=ann.id)
    assert len(stored) >= 3
    assert not [row for row in stored if token in str(row) or token.removeprefix("fch_") in str(row)]


def test_it_acts_as_the_account(ann: Account) -> None:
    token, _ = make(ann)
    assert ann.get("/api/users/me", token=token).json["id"] == ann.id
    assert ann.get("/api/workspaces", token=token).json["items"][0]["name"] == "Acme"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"scopes": ["read"]}, "name"),
        ({"name": "", "scopes": ["read"]}, "name"),
        ({"name": "a\nb", "scopes": ["read"]}, "name"),
        ({"name": "x", "scopes": []}, "scopes"),
        ({"name": "x", "scopes": ["admin"]}, "scopes.0"),
        ({"name": "x", "scopes": ["read"] * 4}, "scopes"),
        ({"name": "x", "scopes": ["read"], "expires_in": 86_399}, "expires_in"),
        ({"name": "x", "scopes": ["read"], "expires_in": 365 * 86_400 + 1}, "expires_in"),
        ({"name": "x", "scopes": ["read"], "expires_in": None}, "expires_in"),
    ],
)
def test_what_cannot_be_made_names_its_field(ann: Account, body: object, field: str) -> None:
    answer = ann.post("/api/auth/tokens", body)
    assert_problem(answer, 422, "invalid")
    assert list(answer.json["errors"]) == [field]


def test_ended_it_is_good_for_nothing_at_once(ann: Account, engine: Engine) -> None:
    token, token_id = make(ann)
    assert ann.get("/api/users/me", token=token).status_code == 200
    assert ann.delete(f"/api/auth/tokens/{token_id}").status_code == 204
    assert_problem(ann.get("/api/users/me", token=token), 401, "bad_token")
    assert ann.get("/api/auth/tokens").json["items"] == []
    assert_problem(ann.delete(f"/api/auth/tokens/{token_id}"), 404, "not_found")
    told = rows(engine, "SELECT session_id, reason FROM user_changes WHERE user_id = :id AND session_id > 0", id=ann.id)
    assert told == [(token_id, "revoked")]


def test_expired_it_is_good_for_nothing_though_it_was_looked_up_before(ann: Account, engine: Engine) -> None:
    token, token_id = make(ann)
    assert ann.get("/api/users/me", token=token).status_code == 200
    rows(engine, "UPDATE sessions SET expires_at = now() WHERE id = :id RETURNING id", id=token_id)
    assert_problem(ann.get("/api/users/me", token=token), 401, "bad_token")
    assert ann.get("/api/auth/tokens").json["items"] == []


def test_a_new_password_ends_every_token(ann: Account) -> None:
    token, _ = make(ann)
    ann.post("/api/auth/password", {"current_password": PASSWORD, "new_password": "another password"})
    assert_problem(ann.get("/api/users/me", token=token), 401, "bad_token")


def test_signing_out_ends_no_token(ann: Account) -> None:
    token, _ = make(ann)
    ann.post("/api/auth/signout")
    assert ann.get("/api/users/me", token=token).status_code == 200


def test_tokens_are_no_sign_ins_and_sign_ins_no_tokens(ann: Account) -> None:
    token, token_id = make(ann)
    (mine,) = ann.get("/api/auth/sessions").json["items"]
    assert mine["current"]
    assert_problem(ann.delete(f"/api/auth/sessions/{token_id}"), 404, "not_found")
    assert_problem(ann.delete(f"/api/auth/tokens/{mine['id']}"), 404, "not_found")
    assert ann.is_signed_in()
    assert ann.get("/api/users/me", token=token).status_code == 200


def test_anothers_token_is_as_missing_as_one_that_never_was(ann: Account, client: FlaskClient) -> None:
    token, token_id = make(ann)
    ben = sign_up(client)
    answers = [ben.call("DELETE", f"/api/auth/tokens/{n}", headers={"X-Request-ID": "x"}) for n in (token_id, 2**62)]
    assert answers[0].data == answers[1].data
    assert_problem(answers[0], 404, "not_found")
    assert ann.get("/api/users/me", token=token).status_code == 200


def test_no_token_reaches_an_account_whatever_its_scopes(ann: Account) -> None:
    token, token_id = make(ann, *ALL)
    calls = [
        ("POST", "/api/auth/tokens", {"name": "x", "scopes": ["read"]}),
        ("GET", "/api/auth/tokens", None),
        ("DELETE", f"/api/auth/tokens/{token_id}", None),
        ("GET", "/api/auth/sessions", None),
        ("POST", "/api/auth/signout", None),
        ("POST", "/api/auth/password", {"current_password": PASSWORD, "new_password": "another password"}),
        ("POST", "/api/auth/second-factor", {"password": PASSWORD}),
        ("PATCH", "/api/users/me", {"name": "Bot"}),
    ]
    for method, path, body in calls:
        answer = ann.call(method, path, body, token=token)
        assert_problem(answer, 403, "insufficient_scope")
        assert answer.headers["WWW-Authenticate"] == 'Bearer error="insufficient_scope"'


def test_at_most_fifty_live_and_who_is_over_that_can_end_some(app: Flask, engine: Engine) -> None:
    person = a_person(app, engine)
    body = {"name": "x", "scopes": ["read"]}
    ids = [person.post("/api/auth/tokens", body).json["id"] for _ in range(MOST_TOKENS)]
    assert_problem(person.post("/api/auth/tokens", body), 409, "too_many_tokens")
    person.delete(f"/api/auth/tokens/{ids[0]}")
    rows(engine, "UPDATE sessions SET expires_at = now() WHERE id = :id RETURNING id", id=ids[1])
    assert [person.post("/api/auth/tokens", body).status_code for _ in range(3)] == [201, 201, 409]


def test_no_token_counts_as_one_of_the_hundred_sign_ins(ann: Account, client: FlaskClient, engine: Engine) -> None:
    token, _ = make(ann)
    with committed(engine) as session:
        user = session.get_one(models.User, ann.id)
        for _ in range(100):
            a_session(session, user)
    sign_in(client, ann.email)
    assert ann.get("/api/users/me", token=token).status_code == 200


def test_use_is_written_down_once_an_hour(ann: Account, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("frame.bearer.KNOWN_FOR", 0.0)
    token, token_id = make(ann)
    seen = "SELECT last_seen_at, xmin::text FROM sessions WHERE id = :id"
    made = rows(engine, seen, id=token_id)
    ann.get("/api/users/me", token=token)
    first = rows(engine, seen, id=token_id)
    assert first[0][0] > made[0][0]  # type: ignore[operator]
    assert ann.get("/api/auth/tokens").json["items"][0]["last_used_at"]
    for _ in range(5):
        ann.get("/api/users/me", token=token)
    assert rows(engine, seen, id=token_id) == first
    earlier = "UPDATE sessions SET last_seen_at = last_seen_at - interval '61 min' WHERE id = :id RETURNING id"
    rows(engine, earlier, id=token_id)
    ann.get("/api/users/me", token=token)
    assert rows(engine, seen, id=token_id)[0][0] >= first[0][0]  # type: ignore[operator]


def test_a_token_is_looked_up_once_a_minute(ann: Account, app: Flask) -> None:
    token, _ = make(ann)
    known = app.extensions["verified_tokens"]._claims
    ann.get("/api/users/me", token=token)
    first = known[token]
    ann.get("/api/users/me", token=token)
    assert known[token] is first
    assert KNOWN_FOR <= 60


@pytest.mark.parametrize(
    "token", ["fch_", f"fch_{'A' * 43}", f"fch_{'A' * 42}", f"fch_{'A' * 44}", f"FCH_{'A' * 43}", "fch_a.b.c"]
)
def test_what_only_looks_like_a_token_is_refused(ann: Account, token: str) -> None:
    assert_problem(ann.get("/api/users/me", token=token), 401, "bad_token")


def test_a_token_is_no_refresh_token(ann: Account) -> None:
    assert_problem(ann.refresh(make(ann)[0]), 401, "bad_token")


def test_a_bot_counts_against_the_limits_of_its_account(config: Config, limits: dict[str, str]) -> None:
    limits["fetching"] = "2/hour"
    app = limited_app(config)
    ann = sign_up(app.test_client())
    token, _ = make(ann)
    answers = [ann.get("/api/users/me", token=which).status_code for which in (token, ann.access_token, token)]
    assert answers == [200, 200, 429]
    app.extensions["fechatter"].engine.dispose()


def test_making_and_ending_are_in_the_audit_log_without_the_token(ann: Account, engine: Engine) -> None:
    _, token_id = make(ann, "read")
    ann.delete(f"/api/auth/tokens/{token_id}")
    acts = rows(
        engine, "SELECT action, target_type, target_id FROM audit_log WHERE actor_id = :id ORDER BY id", id=ann.id
    )
    assert [act for act in acts if str(act[0]).startswith(("token.", "session.ended"))] == [
        ("token.created", "token", token_id),
        ("token.ended", "token", token_id),
    ]


def test_who_has_signed_out_makes_no_token(engine: Engine, app: Flask) -> None:
    with committed(engine) as session:
        user = a_user(session)
        ended = a_session(session, user, ended=True).id
    assert_problem(
        Person(app, user, ended).post("/api/auth/tokens", {"name": "x", "scopes": ["read"]}), 401, "bad_token"
    )
