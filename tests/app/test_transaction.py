"""The door's transaction: what commits, what is tried again, and what becomes a 503."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from time import monotonic
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.answers import answers
from app.create import create_app
from app.transaction import reading, transactional
from fechatter import models
from fechatter.config import Config
from fechatter.errors import Forbidden
from tests import factories
from tests.app.signing import assert_problem
from tests.by_the_clock import in_time

Ask = Callable[..., TestResponse]


@pytest.fixture
def ask(config: Config) -> Iterator[Ask]:
    """Answers one request by what it is given, in a transaction."""
    works: list[Callable[[Session], Any]] = []
    app = create_app(config)
    for door in (transactional, reading):
        view = answers(200)(door(lambda session: works[-1](session)))
        app.add_url_rule(f"/{door.__name__}", door.__name__, view, methods=["POST"])

    def ask(work: Callable[[Session], Any], door: Any = transactional) -> TestResponse:
        works.append(work)
        return app.test_client().post(f"/{door.__name__}")

    yield ask
    app.extensions["fechatter"].engine.dispose()


def rename(user_id: int) -> Callable[[Session], None]:
    return lambda session: setattr(session.get_one(models.User, user_id), "name", "Renamed")


def name_of(engine: Engine, user_id: int) -> str | None:
    with engine.connect() as connection:
        return connection.scalar(text("SELECT name FROM users WHERE id = :id"), {"id": user_id})


@pytest.fixture
def person(engine: Engine) -> int:
    with Session(engine) as session, session.begin():
        return factories.a_user(session, "Ann").id


def failing(code: str) -> Callable[[Session], Any]:
    return lambda session: session.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{code}'; END $$"))


def test_what_a_view_did_is_committed_before_its_answer(ask: Ask, engine: Engine, person: int) -> None:
    assert ask(rename(person)).status_code == 200
    assert name_of(engine, person) == "Renamed"


def test_a_refusal_undoes_what_a_view_did(ask: Ask, engine: Engine, person: int) -> None:
    def work(session: Session) -> None:
        rename(person)(session)
        session.flush()
        raise Forbidden

    assert_problem(ask(work), 403, "forbidden")
    assert name_of(engine, person) == "Ann"


@pytest.mark.parametrize("code", ["40P01", "40001"])
def test_a_collision_is_tried_once_more_from_the_start(ask: Ask, engine: Engine, person: int, code: str) -> None:
    runs = []

    def work(session: Session) -> None:
        runs.append(session.get_one(models.User, person).name)
        rename(person)(session)
        session.flush()
        if len(runs) == 1:
            failing(code)(session)

    assert ask(work).status_code == 200
    assert runs == ["Ann", "Ann"]
    assert name_of(engine, person) == "Renamed"


@pytest.mark.parametrize("code", ["40P01", "40001"])
def test_a_second_collision_is_a_503(ask: Ask, code: str) -> None:
    runs = []

    def work(session: Session) -> None:
        runs.append(1)
        failing(code)(session)

    answer = ask(work)
    assert_problem(answer, 503, "busy")
    assert answer.headers["Retry-After"] == "1"
    assert len(runs) == 2


@pytest.mark.parametrize(
    ("code", "status", "word"),
    [
        ("55P03", 503, "busy"),
        ("57014", 503, "busy"),
        ("57P01", 503, "unavailable"),
        ("53300", 503, "unavailable"),
        ("22003", 422, "invalid"),
        ("22021", 422, "invalid"),
        ("23505", 409, "conflict"),
        ("23503", 409, "conflict"),
        ("23514", 500, "internal_error"),
        ("42P01", 500, "internal_error"),
    ],
)
def test_what_postgresql_refuses_has_its_answer(ask: Ask, code: str, status: int, word: str) -> None:
    assert_problem(ask(failing(code)), status, word)


def test_waiting_for_a_lock_ends_in_time(ask: Ask, engine: Engine, person: int) -> None:
    with engine.connect() as other, other.begin():
        other.execute(text("SELECT 1 FROM users WHERE id = :id FOR UPDATE"), {"id": person})
        started = monotonic()
        answer = ask(rename(person))
        assert_problem(answer, 503, answer.json["code"])
        in_time(started, 5)


def test_a_statement_that_takes_too_long_ends_in_time(ask: Ask) -> None:
    started = monotonic()
    assert_problem(ask(lambda session: session.execute(text("SELECT pg_sleep(60)"))), 503, "unavailable")
    in_time(started, 5)


def test_a_broken_connection_spoils_one_answer_only(ask: Ask, engine: Engine, person: int) -> None:
    def work(session: Session) -> None:
        pid = session.scalar(text("SELECT pg_backend_pid()"))
        with engine.connect() as killer:
            killer.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        rename(person)(session)
        session.flush()

    assert_problem(ask(work), 503, "unavailable")
    assert ask(rename(person)).status_code == 200


def test_connections_that_are_all_in_use_are_a_503(config: Config, engine: Engine) -> None:
    app = create_app(replace(config, web_connections=1))
    pool = app.extensions["fechatter"].engine
    taken = [pool.connect() for _ in range(pool.pool.size())]
    try:
        body = {"email": "a@b.org", "password": "12345678"}
        started = monotonic()
        assert_problem(app.test_client().post("/api/auth/signin", json=body), 503, "unavailable")
        in_time(started, 5)
    finally:
        for connection in taken:
            connection.close()
        pool.dispose()


def test_values_stay_out_of_errors_and_so_out_of_logs(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    secret = uuid4().hex

    def work(session: Session) -> None:
        session.execute(text("SELECT * FROM nowhere WHERE word = :word"), {"word": secret})

    assert_problem(ask(work), 500, "internal_error")
    assert "42P01" in caplog.text
    assert "test_transaction.py" in caplog.text
    assert secret not in caplog.text


def test_reading_begins_no_transaction(ask: Ask) -> None:
    seen = []

    def work(session: Session) -> None:
        for _ in range(2):
            seen.append(session.scalar(text("SELECT now()")))

    assert ask(work, door=reading).status_code == 200
    assert seen[0] < seen[1]
