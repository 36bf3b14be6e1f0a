"""Which passwords are refused, and how hashes of weaker parameters are renewed by signing in."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from launcher.paths import PROJECT
from tests.app.signing import PASSWORD, an_email, assert_problem, sign_in, sign_up
from tests.statements import statements_of
from tests.waiting import until_waiting


def test_a_password_made_of_ones_address_is_refused(client: FlaskClient) -> None:
    email = an_email()
    for password in (email, email.upper(), email.partition("@")[0] + "1"):
        answer = client.post("/api/auth/signup", json={"email": email, "password": password, "name": "Ann"})
        assert_problem(answer, 422, "invalid")
        assert list(answer.json["errors"]) == ["password"]


def test_a_password_is_not_changed_to_one_that_is_tried_first(client: FlaskClient) -> None:
    ann = sign_up(client)
    for new in ("password1", ann.email):
        answer = ann.post("/api/auth/password", {"current_password": PASSWORD, "new_password": new})
        assert_problem(answer, 422, "invalid")
        assert list(answer.json["errors"]) == ["new_password"]


def weaken(engine: Engine, user_id: int, password: str) -> str:
    """As it was stored when parameters were lower."""
    weak = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(password)
    with engine.begin() as connection:
        connection.execute(text("UPDATE users SET password_hash = :h WHERE id = :id"), {"h": weak, "id": user_id})
    return weak


def hash_of(engine: Engine, user_id: int) -> str:
    with engine.connect() as connection:
        return str(connection.scalar(text("SELECT password_hash FROM users WHERE id = :id"), {"id": user_id}))


def test_who_has_a_common_password_from_before_still_signs_in_and_its_hash_is_renewed(
    client: FlaskClient, engine: Engine
) -> None:
    ann = sign_up(client)
    weaken(engine, ann.id, "password")
    assert sign_in(client, ann.email, "password").is_signed_in()
    assert "m=19456,t=2,p=1$" in hash_of(engine, ann.id)
    assert sign_in(client, ann.email, "password").is_signed_in()
    assert ann.is_signed_in(), "nobody's session ends with that"


def test_a_wrong_password_renews_nothing(client: FlaskClient, engine: Engine) -> None:
    ann = sign_up(client)
    weak = weaken(engine, ann.id, PASSWORD)
    assert client.post("/api/auth/signin", json={"email": ann.email, "password": "x"}).status_code == 401
    assert hash_of(engine, ann.id) == weak


def test_of_sign_ins_that_renew_at_once_all_get_in(app: Flask, client: FlaskClient, engine: Engine) -> None:
    ann = sign_up(client)
    weaken(engine, ann.id, PASSWORD)
    with ThreadPoolExecutor(4) as pool, engine.begin() as first:
        first.execute(text("SELECT FROM users WHERE id = :id FOR UPDATE"), {"id": ann.id})
        sign_ins = [pool.submit(sign_in, app.test_client(), ann.email) for _ in range(4)]
        until_waiting(engine, 4, "users")
        first.commit()
        assert all(one.result().is_signed_in() for one in sign_ins)


def test_a_renewal_does_not_bring_an_old_password_back(app: Flask, client: FlaskClient, engine: Engine) -> None:
    """Checked against the hash from before, it waits for the row that somebody is just changing."""
    ann = sign_up(client)
    weaken(engine, ann.id, PASSWORD)
    other = PasswordHasher().hash("another password")
    with ThreadPoolExecutor(1) as pool, engine.begin() as first:
        first.execute(text("UPDATE users SET password_hash = :h WHERE id = :id"), {"h": other, "id": ann.id})
        body = {"email": ann.email, "password": PASSWORD}
        late = pool.submit(app.test_client().post, "/api/auth/signin", json=body)
        until_waiting(engine, 1, "users")
        first.commit()
        assert_problem(late.result(), 401, "bad_credentials")
    assert hash_of(engine, ann.id) == other


@pytest.mark.parametrize("call", ["signin", "signup", "password", "reset", "second-factor", "second-factor/off"])
def test_where_no_password_can_be_checked_nothing_is_looked_up(app: Flask, client: FlaskClient, call: str) -> None:
    """Who is sent away anyway waits for no connection, and lets nobody wait for one."""
    passwords = app.extensions["fechatter"].passwords
    taken = 0
    while passwords._places.acquire(blocking=False):
        taken += 1
    try:
        with statements_of(app.extensions["fechatter"].engine) as sent:
            answer = client.post(f"/api/auth/{call}", json={})
    finally:
        passwords._places.release(taken)
    assert_problem(answer, 503, "busy")
    assert answer.headers["Retry-After"] == "1"
    assert sent == []


HASHES = """
from gevent import monkey
monkey.patch_all()
import os
from app.aside import aside
niceness = lambda: os.getpriority(os.PRIO_PROCESS, 0)
print(aside(1)(niceness) - niceness())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the whole process would step back")
def test_whoever_answers_others_goes_before_what_hashes() -> None:
    told = subprocess.run([sys.executable, "-c", HASHES], capture_output=True, text=True, cwd=PROJECT, timeout=60)
    assert told.stdout == "10\n", told.stderr
