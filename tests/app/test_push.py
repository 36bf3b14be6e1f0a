"""Browsers subscribe to Web Push, and nobody but their person sees or ends that; never is a key shown again."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from app.create import create_app
from fechatter.actions.push import MOST_SUBSCRIPTIONS
from fechatter.config import Config
from fechatter.push.keys import is_public_key
from fechatter.push.settings import PushSettings
from tests.app.people import Person
from tests.app.signing import Account, assert_problem, sign_in, sign_up
from tests.push_service import Browser, base64url

SUBSCRIPTIONS = "/api/notifications/push/subscriptions"
ORIGIN = "https://push.example.net"


def a_browser() -> Browser:
    return Browser(ORIGIN)


def rows(engine: Engine, endpoint: str) -> list[tuple[int, int]]:
    """Whose, and of which session."""
    query = "SELECT user_id, session_id FROM push_subscriptions WHERE endpoint = :endpoint"
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query), {"endpoint": endpoint})]


def test_a_subscription_is_made_once_and_listed_without_its_secrets(ann: Person) -> None:
    browser = a_browser()
    made = ann.post(SUBSCRIPTIONS, browser.subscription)
    assert made.status_code == 201, made.text
    assert made.json == {
        "id": made.json["id"],
        "origin": ORIGIN,
        "session_id": ann.session_id,
        "current": True,
        "device": "a test",
        "created_at": made.json["created_at"],
        "expires_at": None,
    }
    again = ann.post(SUBSCRIPTIONS, browser.subscription)
    assert (again.status_code, again.json) == (200, made.json)
    listed = ann.get(SUBSCRIPTIONS)
    assert listed.json == {"items": [made.json], "next_cursor": None}
    for secret in (browser.path, base64url(browser.auth), base64url(browser.p256dh)):
        assert secret not in made.text + listed.text


def test_the_key_is_a_point_and_stays_the_same(ann: Person, ben: Person) -> None:
    from base64 import urlsafe_b64decode

    key = ann.get("/api/notifications/push/key").json["public_key"]
    assert is_public_key(urlsafe_b64decode(key + "="))
    assert ben.get("/api/notifications/push/key").json["public_key"] == key


def test_the_key_of_the_environment_wins(config: Config, ann: Person) -> None:
    app = create_app(replace(config, push=PushSettings((7).to_bytes(32))))
    key = ann.through(app).get("/api/notifications/push/key").json["public_key"]
    assert key != ann.get("/api/notifications/push/key").json["public_key"]
    app.extensions["fechatter"].engine.dispose()


def test_what_browsers_renew_is_kept_as_it_is_now(ann: Person, engine: Engine) -> None:
    browser = a_browser()
    first = ann.post(SUBSCRIPTIONS, browser.subscription).json
    renewed = browser.subscription | {"expirationTime": 1_900_000_000_000}
    renewed["keys"] = a_browser().subscription["keys"]
    answer = ann.post(SUBSCRIPTIONS, renewed)
    assert (answer.status_code, answer.json["id"]) == (200, first["id"])
    assert answer.json["expires_at"] == "2030-03-17T17:46:40.000000Z"
    with engine.connect() as connection:
        query = text("SELECT auth FROM push_subscriptions WHERE id = :id")
        assert base64url(bytes(connection.scalar(query, {"id": first["id"]}))) == renewed["keys"]["auth"]


def test_what_never_expires_in_our_time_does_not(ann: Person) -> None:
    body = a_browser().subscription | {"expirationTime": 2**53}
    assert ann.post(SUBSCRIPTIONS, body).json["expires_at"] is None


def test_a_browser_is_whose_it_is_now_with_nothing_of_whose_it_was(ann: Person, ben: Person, engine: Engine) -> None:
    browser = a_browser()
    old = ann.post(SUBSCRIPTIONS, browser.subscription).json["id"]
    waiting = text(
        "INSERT INTO pushes (subscription_id, chat_id, message_id, seq, created_at) VALUES (:id, 1, 1, 1, now())"
    )
    with engine.begin() as connection:
        connection.execute(waiting, {"id": old})
    answer = ben.post(SUBSCRIPTIONS, browser.subscription)
    assert (answer.status_code, answer.json["id"] == old) == (201, False)
    assert rows(engine, browser.endpoint) == [(ben.id, ben.session_id)]
    assert ann.get(SUBSCRIPTIONS).json["items"] == []
    with engine.connect() as connection:
        left = connection.scalar(text("SELECT count(*) FROM pushes WHERE subscription_id = :id"), {"id": old})
    assert left == 0


def test_anothers_subscription_is_like_none(ann: Person, ben: Person) -> None:
    theirs = ben.post(SUBSCRIPTIONS, a_browser().subscription).json["id"]
    hidden, missing = (
        ann.call("DELETE", f"{SUBSCRIPTIONS}/{one}", headers={"X-Request-ID": "same"}) for one in (theirs, 2**62)
    )
    assert hidden.status_code == 404
    assert hidden.data == missing.data
    assert ann.get(SUBSCRIPTIONS).json["items"] == []
    assert len(ben.get(SUBSCRIPTIONS).json["items"]) == 1


def test_an_end_is_an_end(ann: Person, engine: Engine) -> None:
    browser = a_browser()
    one = ann.post(SUBSCRIPTIONS, browser.subscription).json["id"]
    assert ann.delete(f"{SUBSCRIPTIONS}/{one}").status_code == 204
    assert rows(engine, browser.endpoint) == []
    assert_problem(ann.delete(f"{SUBSCRIPTIONS}/{one}"), 404, "not_found")


@pytest.mark.parametrize("how", ["signs out", "is ended elsewhere", "changes the password"])
def test_it_ends_with_its_session_and_no_other_does(client: FlaskClient, engine: Engine, how: str) -> None:
    here = sign_up(client)
    there = sign_in(client, here.email)
    browsers = {}
    for account in (here, there):
        browsers[account.access_token] = browser = a_browser()
        assert account.post(SUBSCRIPTIONS, browser.subscription).status_code == 201
    end(how, here, there)
    assert rows(engine, browsers[here.access_token].endpoint) == []
    assert len(rows(engine, browsers[there.access_token].endpoint)) == 1


def end(how: str, here: Account, there: Account) -> None:
    if how == "signs out":
        assert here.post("/api/auth/signout").status_code == 204
    elif how == "is ended elsewhere":
        sessions = there.get("/api/auth/sessions").json["items"]
        [other] = [one["id"] for one in sessions if not one["current"]]
        assert there.delete(f"/api/auth/sessions/{other}").status_code == 204
    else:
        from tests.app.signing import PASSWORD

        body = {"current_password": PASSWORD, "new_password": "another horse battery"}
        assert there.post("/api/auth/password", body).status_code == 204


def test_the_same_browser_in_a_new_session_hangs_on_that(client: FlaskClient, engine: Engine) -> None:
    here, browser = sign_up(client), a_browser()
    there = sign_in(client, here.email)
    first = here.post(SUBSCRIPTIONS, browser.subscription).json
    second = there.post(SUBSCRIPTIONS, browser.subscription).json
    assert (first["id"], first["session_id"] != second["session_id"]) == (second["id"], True)
    here.post("/api/auth/signout")
    assert len(rows(engine, browser.endpoint)) == 1


def test_the_oldest_gives_way(ann: Person, ben: Person) -> None:
    kept = ben.post(SUBSCRIPTIONS, a_browser().subscription).json["id"]
    made = [ann.post(SUBSCRIPTIONS, a_browser().subscription).json["id"] for _ in range(MOST_SUBSCRIPTIONS + 2)]
    assert [one["id"] for one in ann.get(SUBSCRIPTIONS).json["items"]] == made[:1:-1]
    assert [one["id"] for one in ben.get(SUBSCRIPTIONS).json["items"]] == [kept]


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example.net/x", "https://127.0.0.1/x", "https://[::1]/x", "https://169.254.169.254/x",
        "https://10.0.0.1/x", "https://push.example.net:8443/x", "https://u@push.example.net/x", "javascript:x",
        "https://push.example.net/\r\nx: y", "https://push.example.net/a b", "push.example.net", "", " ", 7, None,
        "https://push.example.net/" + "x" * 2000, "https://push.example.net/\x00", "https://push.example.net/ä",
    ],
)  # fmt: skip
def test_an_endpoint_that_is_none_is_named(ann: Person, endpoint: object) -> None:
    answer = ann.post(SUBSCRIPTIONS, a_browser().subscription | {"endpoint": endpoint})
    assert_problem(answer, 422, "invalid")
    assert list(answer.json["errors"]) == ["endpoint"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"keys": {"p256dh": "x", "auth": base64url(bytes(16))}}, "keys.p256dh"),
        ({"keys": {"p256dh": base64url(b"\x04" + bytes(64)), "auth": base64url(bytes(16))}}, "keys.p256dh"),
        ({"keys": {"p256dh": "ä" * 87, "auth": base64url(bytes(16))}}, "keys.p256dh"),
        ({"keys": a_browser().subscription["keys"] | {"auth": base64url(bytes(15))}}, "keys.auth"),
        ({"keys": a_browser().subscription["keys"] | {"auth": "x" * 101}}, "keys.auth"),
        ({"keys": a_browser().subscription["keys"] | {"more": "x"}}, "keys.more"),
        ({"keys": {}}, "keys.auth"),
        ({"keys": "x"}, "keys"),
        ({"keys": None}, "keys"),
        ({"expirationTime": -1}, "expirationTime"),
        ({"expirationTime": "soon"}, "expirationTime"),
        ({"more": 1}, "more"),
    ],
)
def test_what_cannot_be_encrypted_to_names_its_field(ann: Person, changes: dict[str, object], field: str) -> None:
    answer = ann.post(SUBSCRIPTIONS, a_browser().subscription | changes)
    assert_problem(answer, 422, "invalid")
    assert field in answer.json["errors"]


def test_padded_keys_are_the_same_keys(ann: Person) -> None:
    browser = a_browser()
    body = browser.subscription
    body["keys"] = {name: key + "=" * (-len(key) % 4) for name, key in body["keys"].items()}
    assert ann.post(SUBSCRIPTIONS, body).status_code == 201


def test_a_service_that_the_operator_trusts_may_stand_anywhere(config: Config, ann: Person) -> None:
    push = PushSettings(services=frozenset({"https://10.0.0.7:8443"}))
    app = create_app(replace(config, push=push))
    answer = ann.through(app).post(SUBSCRIPTIONS, Browser("https://10.0.0.7:8443").subscription)
    assert answer.status_code == 201
    app.extensions["fechatter"].engine.dispose()


def test_subscribing_is_in_the_log_of_acts_without_the_endpoint(ann: Person, engine: Engine) -> None:
    browser = a_browser()
    one = ann.post(SUBSCRIPTIONS, browser.subscription).json["id"]
    ann.delete(f"{SUBSCRIPTIONS}/{one}")
    with engine.connect() as connection:
        query = text(
            "SELECT action, target_id, details, a::text AS whole FROM audit_log a WHERE actor_id = :id ORDER BY id"
        )
        entries = list(connection.execute(query, {"id": ann.id}))
    assert [(entry.action, entry.target_id) for entry in entries] == [
        ("push.subscribed", one),
        ("push.unsubscribed", one),
    ]
    assert entries[0].details == {"origin": ORIGIN}
    assert all(browser.path not in entry.whole for entry in entries)


def test_a_personal_access_token_reaches_none_of_it(client: FlaskClient) -> None:
    """What is pushed is all that may be read: more than a token was made for."""
    account = sign_up(client)
    scopes = {"name": "A bot", "scopes": ["read", "write", "manage"]}
    token = account.post("/api/auth/tokens", scopes).json["token"]
    for method, path in (("GET", SUBSCRIPTIONS), ("POST", SUBSCRIPTIONS), ("GET", "/api/notifications/push/key")):
        assert_problem(
            account.call(method, path, {} if method == "POST" else None, token=token), 403, "insufficient_scope"
        )


def test_nobody_subscribes_without_signing_in(app: Flask) -> None:
    assert_problem(app.test_client().post(SUBSCRIPTIONS, json=a_browser().subscription), 401, "unauthorized")
