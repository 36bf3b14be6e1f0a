"""Proving an address and getting a new password, by links that are sent to it and work once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from fechatter.config import Config
from tests.app.mails import MAIL, Mails, an_app
from tests.app.signing import PASSWORD, Account, an_email, assert_problem, sign_in, sign_up
from tests.statements import statements_of

NEW = "a newer and longer one"


@pytest.fixture(scope="module")
def with_mail(config: Config) -> Iterator[Flask]:
    with an_app(config, mail=MAIL) as app:
        yield app


@pytest.fixture
def client(with_mail: Flask) -> FlaskClient:
    return with_mail.test_client()


@pytest.fixture
def mails(engine: Engine, tmp_path: Path, client: FlaskClient) -> Mails:
    return Mails(engine, tmp_path / "mail", client)


@pytest.fixture
def ann(client: FlaskClient) -> Account:
    return sign_up(client)


def reset(client: FlaskClient, token: str, password: str = NEW) -> int:
    return client.post("/api/auth/reset", json={"token": token, "password": password}).status_code


def acts(engine: Engine, user_id: int) -> list[str]:
    query = text("SELECT action FROM audit_log WHERE target_type = 'user' AND target_id = :id ORDER BY id")
    with engine.connect() as connection:
        return list(connection.scalars(query, {"id": user_id}))


def test_an_address_is_proved_by_the_link_that_was_sent_to_it(
    client: FlaskClient, ann: Account, mails: Mails, engine: Engine
) -> None:
    assert ann.get("/api/users/me").json["email_verified"] is False
    assert ann.post("/api/auth/verification").status_code == 204
    token = mails.token(ann.email)
    answer = client.post("/api/auth/verify", json={"token": token})
    assert (answer.status_code, answer.data) == (204, b"")
    assert ann.get("/api/users/me").json["email_verified"] is True
    assert ann.patch("/api/users/me", {"name": "Änn"}).json["email_verified"] is True
    assert acts(engine, ann.id) == ["account.created", "account.email_verified"]


def test_a_new_password_comes_by_mail_ends_every_session_and_proves_the_address(
    client: FlaskClient, ann: Account, mails: Mails, engine: Engine
) -> None:
    elsewhere = sign_in(client, ann.email)
    mails.forget(ann.email.upper())
    assert reset(client, mails.token(ann.email)) == 204
    assert not ann.is_signed_in()
    assert not elsewhere.is_signed_in()
    assert_problem(ann.refresh(), 401, "bad_token")
    again = client.post("/api/auth/signin", json={"email": ann.email, "password": PASSWORD})
    assert_problem(again, 401, "bad_credentials")
    assert sign_in(client, ann.email, NEW).get("/api/users/me").json["email_verified"] is True
    assert acts(engine, ann.id) == ["account.created", "account.password_reset"]


def test_a_personal_token_ends_with_the_password_too(
    client: FlaskClient, ann: Account, mails: Mails, engine: Engine
) -> None:
    row = (
        "INSERT INTO sessions (user_id, nonce, device, expires_at, name, token_hash, scopes)"
        " VALUES (:id, '', 'bot', now() + interval '1 year', 'bot', decode(md5(random()::text), 'hex'), '{}')"
    )
    with engine.begin() as connection:
        connection.execute(text(row), {"id": ann.id})
    mails.forget(ann.email)
    reset(client, mails.token(ann.email))
    living = text("SELECT count(*) FROM sessions WHERE user_id = :id AND ended_at IS NULL")
    with engine.connect() as connection:
        assert connection.scalar(living, {"id": ann.id}) == 0


def test_the_owner_is_told_when_the_password_has_changed(client: FlaskClient, ann: Account, mails: Mails) -> None:
    ann.post("/api/auth/password", {"current_password": PASSWORD, "new_password": NEW})
    mails.forget(ann.email)
    reset(client, mails.token(ann.email), "one more of them")
    subjects = [mail["Subject"] for mail in mails.to(ann.email)]
    assert subjects == ["Your password was changed", "Set a new password", "Your password was changed"]


def test_tokens_that_do_not_hold_are_alike_in_every_byte(
    client: FlaskClient, ann: Account, mails: Mails, engine: Engine
) -> None:
    tokens = {"unknown": "x" * 43, "odd": "é\u2028"}
    for name in ("expired", "older", "of another purpose", "spent"):
        ann.post("/api/auth/verification") if name == "of another purpose" else mails.forget(ann.email)
        tokens[name] = mails.token(ann.email)
        if name == "expired":
            with engine.begin() as connection:
                query = "UPDATE mailed_tokens SET expires_at = now() - interval '1 second' WHERE user_id = :id"
                connection.execute(text(query), {"id": ann.id})
            assert reset(client, tokens[name]) == 404
    assert reset(client, tokens["spent"]) == 204
    answers = []
    for token in tokens.values():
        body = {"token": token, "password": "and another one"}
        answer = client.post("/api/auth/reset", json=body, headers={"X-Request-ID": "same"})
        assert_problem(answer, 404, "not_found")
        answers.append((answer.data, sorted(answer.headers)))
    assert all(answer == answers[0] for answer in answers)
    assert sign_in(client, ann.email, NEW).is_signed_in()


def test_a_token_works_once_however_many_race(
    client: FlaskClient, ann: Account, mails: Mails, with_mail: Flask
) -> None:
    mails.forget(ann.email)
    token = mails.token(ann.email)
    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(lambda n: reset(with_mail.test_client(), token, f"{NEW} {n}"), range(4)))
    assert sorted(statuses) == [204, 404, 404, 404]


def test_a_changed_password_voids_the_link_that_would_set_another(
    client: FlaskClient, ann: Account, mails: Mails
) -> None:
    mails.forget(ann.email)
    token = mails.token(ann.email)
    ann.post("/api/auth/password", {"current_password": PASSWORD, "new_password": NEW})
    assert reset(client, token, "a third one") == 404


def test_a_link_is_for_the_address_it_was_sent_to(
    client: FlaskClient, ann: Account, mails: Mails, engine: Engine
) -> None:
    mails.forget(ann.email)
    token = mails.token(ann.email)
    with engine.begin() as connection:
        connection.execute(text("UPDATE users SET email_key = 'x' || email_key WHERE id = :id"), {"id": ann.id})
    assert reset(client, token) == 404


@pytest.mark.parametrize("password", ["short", "password1", "PassWord1"])
def test_a_bad_password_spends_no_token(client: FlaskClient, ann: Account, mails: Mails, password: str) -> None:
    mails.forget(ann.email)
    token = mails.token(ann.email)
    for bad in (password, ann.email):
        answer = client.post("/api/auth/reset", json={"token": token, "password": bad})
        assert_problem(answer, 422, "invalid")
        assert list(answer.json["errors"]) == ["password"]
    assert reset(client, token) == 204


def test_forgetting_takes_the_same_road_whether_there_is_an_account_or_not(
    with_mail: Flask, client: FlaskClient, ann: Account, mails: Mails
) -> None:
    roads, answers = [], []
    for email in (ann.email, an_email(), "not an address"):
        with statements_of(with_mail.extensions["fechatter"].engine) as sent:
            answer = client.post("/api/auth/forgot", json={"email": email}, headers={"X-Request-ID": "same"})
        roads.append([query for query, _ in sent])
        answers.append((answer.status_code, answer.data, sorted(answer.headers)))
    assert roads[0] == roads[1] == roads[2]
    assert len(roads[0]) == 1
    assert answers[0] == answers[1] == answers[2] == (204, b"", answers[0][2])
    assert len(mails.to(ann.email)) == 1


def test_where_no_mail_is_sent_the_answer_says_so_whoever_is_meant(app: Flask) -> None:
    client = app.test_client()
    ann = sign_up(client)
    answers = [client.post("/api/auth/forgot", json={"email": email}) for email in (ann.email, an_email())]
    for answer in (*answers, ann.post("/api/auth/verification")):
        assert_problem(answer, 403, "no_mail")
    assert client.get("/api/config").json["mail"] is False


def test_clients_are_told_that_mail_is_there(client: FlaskClient) -> None:
    assert client.get("/api/config").json["mail"] is True
