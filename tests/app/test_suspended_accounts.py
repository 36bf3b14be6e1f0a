"""An account that the operator has shut: nobody is signed in to it, and only its owner is told so."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from fechatter import models
from fechatter.actions.accounts import lock_account, suspend_account, unsuspend_account
from tests.app.signing import PASSWORD, Account, assert_problem, sign_in, sign_up
from tests.factories import a_session, committed


@pytest.fixture
def ann(client: FlaskClient) -> Account:
    return sign_up(client)


def change(engine: Engine, account: Account, action: Callable[..., None]) -> None:
    with committed(engine) as session:
        hashed = session.get_one(models.User, account.id).password_hash
        action(session, lock_account(session, account.id, hashed))


def test_its_sessions_end_at_once_and_cannot_be_renewed(client: FlaskClient, engine: Engine, ann: Account) -> None:
    other = sign_in(client, ann.email)
    change(engine, ann, suspend_account)
    for account in (ann, other):
        assert_problem(account.get("/api/users/me"), 401, "bad_token")
        assert_problem(account.get("/api/chats"), 401, "bad_token")
        assert_problem(account.post("/api/notifications/tickets"), 401, "bad_token")
        assert_problem(account.refresh(), 401, "bad_token")


def test_who_knows_the_password_is_told_and_nobody_else(client: FlaskClient, engine: Engine, ann: Account) -> None:
    change(engine, ann, suspend_account)
    right = client.post("/api/auth/signin", json={"email": ann.email, "password": PASSWORD})
    assert_problem(right, 403, "account_suspended")
    same = {"X-Request-ID": "same"}
    wrong = client.post("/api/auth/signin", json={"email": ann.email, "password": "a wrong guess"}, headers=same)
    nobody = client.post(
        "/api/auth/signin", json={"email": "nobody@example.org", "password": "a wrong guess"}, headers=same
    )
    assert_problem(wrong, 401, "bad_credentials")
    assert wrong.data == nobody.data


def test_it_can_be_let_in_again_and_what_has_ended_stays_so(client: FlaskClient, engine: Engine, ann: Account) -> None:
    change(engine, ann, suspend_account)
    change(engine, ann, unsuspend_account)
    assert not ann.is_signed_in()
    assert sign_in(client, ann.email).is_signed_in()


def test_every_kind_of_session_ends_and_its_streams_are_told(engine: Engine, ann: Account) -> None:
    """A personal access token is a session as well."""
    with committed(engine) as session:
        user = session.get_one(models.User, ann.id)
        a_session(session, user)
        session.add(
            models.Session(
                user_id=ann.id,
                nonce=b"",
                device="a bot",
                expires_at=datetime.now(UTC) + timedelta(days=1),
                name="bot",
                token_hash=sha256(uuid4().bytes).digest(),
                scopes=["read"],
            )
        )
    change(engine, ann, suspend_account)
    with committed(engine) as session:
        rows = session.scalars(select(models.Session).where(models.Session.user_id == ann.id)).all()
        told = select(models.UserChange.session_id, models.UserChange.reason)
        changes = session.execute(told.where(models.UserChange.user_id == ann.id, models.UserChange.session_id != 0))
        assert len(rows) == 3
        assert {(row.end_reason, row.ended_at is not None) for row in rows} == {("revoked", True)}
        assert set(changes) == {(row.id, "revoked") for row in rows}
