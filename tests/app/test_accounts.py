"""Signing up, in and out over the API."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from tests.app.signing import PASSWORD, an_email, assert_problem, sign_in, sign_up
from tests.waiting import until_waiting


def test_sign_up_answers_the_account_and_a_token_pair(client: FlaskClient) -> None:
    email = an_email()
    answer = client.post("/api/auth/signup", json={"email": email, "password": PASSWORD, "name": "Ann"})
    assert answer.status_code == 201
    assert set(answer.json) == {"user", "access_token", "refresh_token", "token_type", "expires_in"}
    assert set(answer.json["user"]) == {"id", "email", "name", "avatar_url", "created_at"}
    assert (answer.json["user"]["email"], answer.json["user"]["name"]) == (email, "Ann")
    assert (answer.json["token_type"], answer.json["expires_in"]) == ("Bearer", 900)
    assert PASSWORD not in answer.text


def test_the_access_token_of_a_sign_up_is_good(client: FlaskClient) -> None:
    ann = sign_up(client)
    assert ann.get("/api/users/me").json["id"] == ann.id


def test_sign_up_with_a_workspace_makes_one_that_it_owns(client: FlaskClient, engine: Engine) -> None:
    ann = sign_up(client, workspace="The Shop")
    query = text(
        "SELECT w.name, m.role FROM workspaces w JOIN workspace_members m ON m.workspace_id = w.id"
        " WHERE m.user_id = :ann"
    )
    with engine.connect() as connection:
        assert [tuple(row) for row in connection.execute(query, {"ann": ann.id})] == [("The Shop", "owner")]


def test_an_address_signs_up_once_whatever_its_case_and_width(client: FlaskClient) -> None:
    email = an_email()
    sign_up(client, email=email)
    for same in (email, email.upper(), email.replace("person", "ｐｅｒｓｏｎ"), email.replace("example", "Example")):
        answer = client.post("/api/auth/signup", json={"email": same, "password": PASSWORD, "name": "B"})
        assert_problem(answer, 409, "email_taken")


def test_a_refused_sign_up_leaves_no_workspace_behind(client: FlaskClient, engine: Engine) -> None:
    ann = sign_up(client)
    name = f"Never {an_email()}"
    body = {"email": ann.email, "password": PASSWORD, "name": "B", "workspace": name}
    assert client.post("/api/auth/signup", json=body).status_code == 409
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM workspaces WHERE name = :name"), {"name": name}) == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nobody"),
        ("email", "a@b"),
        ("email", "a b@example.org"),
        ("email", "x" * 300 + "@example.org"),
        ("email", 7),
        ("email", None),
        ("email", "a\0b@example.org"),
        ("email", "a\ud800b@example.org"),
        ("password", "seven77"),
        ("password", "x" * 129),
        ("password", "PassWord"),
        ("password", "ｐａｓｓｗｏｒｄ"),
        ("password", "nul\0inside"),
        ("password", "lone \udfff surrogate"),
        ("password", 12345678),
        ("password", ["correct horse"]),
        ("name", ""),
        ("name", " \u3000\t"),
        ("name", "x" * 101),
        ("name", "a\0"),
        ("workspace", ""),
        ("workspace", "x" * 101),
        ("invite", ""),
        ("invite", "x" * 201),
        ("is_admin", True),
        ("id", 1),
    ],
)
def test_sign_up_names_the_field_that_is_wrong(client: FlaskClient, field: str, value: object) -> None:
    body = {"email": an_email(), "password": PASSWORD, "name": "Ann", field: value}
    answer = client.post("/api/auth/signup", json=body)
    assert_problem(answer, 422, "invalid")
    assert list(answer.json["errors"]) == [field]


def test_passwords_may_be_of_any_characters(client: FlaskClient) -> None:
    for password in ("        ", "пароль-длинный", "😀" * 8, "é" * 128):
        ann = sign_up(client, password=password)
        assert sign_in(client, ann.email, password).is_signed_in()


def test_a_password_is_the_same_however_its_accents_are_composed(client: FlaskClient) -> None:
    ann = sign_up(client, password="caf\u00e9 caf\u00e9")
    assert sign_in(client, ann.email, "cafe\u0301 cafe\u0301").is_signed_in()


def test_sign_in_takes_the_address_in_any_case(client: FlaskClient) -> None:
    ann = sign_up(client)
    assert sign_in(client, ann.email.upper()).id == ann.id


def test_sign_in_answers_a_wrong_password_and_an_unknown_address_alike(client: FlaskClient) -> None:
    ann = sign_up(client)
    bodies = []
    for email in (ann.email, an_email(), "not an address"):
        answer = client.post(
            "/api/auth/signin",
            json={"email": email, "password": "a wrong password"},
            headers={"X-Request-ID": "same"},
        )
        assert_problem(answer, 401, "bad_credentials")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        bodies.append((answer.data, sorted(answer.headers)))
    assert bodies[0] == bodies[1] == bodies[2]


def test_sign_out_ends_both_tokens_at_once_and_no_other_session(client: FlaskClient) -> None:
    ann = sign_up(client)
    elsewhere = sign_in(client, ann.email)
    answer = ann.post("/api/auth/signout")
    assert (answer.status_code, answer.data) == (204, b"")
    assert_problem(ann.get("/api/users/me"), 401, "bad_token")
    assert_problem(ann.refresh(), 401, "bad_token")
    assert elsewhere.is_signed_in()


def test_of_two_sign_outs_at_once_the_later_finds_its_session_ended(client: FlaskClient, engine: Engine) -> None:
    """A client that got no answer asks again, while its first call may still be on its way."""
    ann = sign_up(client)
    with ThreadPoolExecutor(1) as pool, engine.begin() as first:
        first.execute(text("UPDATE sessions SET ended_at = now() WHERE user_id = :ann"), {"ann": ann.id})
        second = pool.submit(ann.post, "/api/auth/signout")
        until_waiting(engine)
        first.commit()
        assert_problem(second.result(), 401, "bad_token")


def test_sign_out_tells_the_open_streams(client: FlaskClient, engine: Engine) -> None:
    ann = sign_up(client)
    ann.post("/api/auth/signout")
    assert changes_of(engine, ann.id) == [("session_ended", "signed_out")]


def test_a_new_password_ends_every_other_session(client: FlaskClient, engine: Engine) -> None:
    ann = sign_up(client)
    elsewhere = sign_in(client, ann.email)
    answer = ann.post("/api/auth/password", {"current_password": PASSWORD, "new_password": "another password"})
    assert (answer.status_code, answer.data) == (204, b"")
    assert ann.is_signed_in()
    assert ann.refresh().status_code == 200
    assert not elsewhere.is_signed_in()
    assert_problem(elsewhere.refresh(), 401, "bad_token")
    assert changes_of(engine, ann.id) == [("session_ended", "revoked")]


def test_after_a_new_password_only_that_one_signs_in(client: FlaskClient) -> None:
    ann = sign_up(client)
    ann.post("/api/auth/password", {"current_password": PASSWORD, "new_password": "another password"})
    answer = client.post("/api/auth/signin", json={"email": ann.email, "password": PASSWORD})
    assert_problem(answer, 401, "bad_credentials")
    assert sign_in(client, ann.email, "another password").is_signed_in()


def test_the_password_changes_only_for_who_knows_it(client: FlaskClient) -> None:
    ann = sign_up(client)
    elsewhere = sign_in(client, ann.email)
    body = {"current_password": "not my password", "new_password": "another password"}
    answer = ann.post("/api/auth/password", body)
    assert_problem(answer, 401, "bad_credentials")
    assert answer.json["detail"] == "The current password is wrong."
    assert elsewhere.is_signed_in()
    assert sign_in(client, ann.email).is_signed_in()


def changes_of(engine: Engine, user_id: int) -> list[tuple[str, str]]:
    query = text("SELECT kind, reason FROM user_changes WHERE user_id = :id AND kind = 'session_ended' ORDER BY id")
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query, {"id": user_id})]
