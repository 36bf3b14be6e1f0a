"""Refreshing under what happens to real processes: killed in the middle, or asked twice at the same moment."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, text

from tests.app.signing import PASSWORD, an_email
from tests.app.test_gunicorn import Web, serving
from tests.family import family
from tests.waiting import until_waiting

TABS, ROUNDS = 4, 10
LOCK = 7_241_000


@pytest.fixture(scope="module")
def web(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    folder = tmp_path_factory.mktemp("web")
    with serving(folder, DATABASE_URL=database_url, WEB_CONCURRENCY="2") as web:
        yield web


def sign_up(web: Web) -> Any:
    body = {"email": an_email(), "password": PASSWORD, "name": "Ann"}
    answer = httpx.post(f"{web.url}/api/auth/signup", json=body, timeout=30)
    assert answer.status_code == 201, answer.text
    return answer.json()


def refresh(web: Web, token: str) -> httpx.Response:
    return httpx.post(f"{web.url}/api/auth/refresh", json={"refresh_token": token}, timeout=30)


def test_tabs_that_refresh_at_the_same_moment_get_the_same_successor(web: Web) -> None:
    """Over connections of their own to two processes; round after round each with what the last one gave."""
    token = sign_up(web)["refresh_token"]
    barrier = Barrier(TABS)

    def tab(spent: str) -> tuple[int, str]:
        barrier.wait()
        answer = refresh(web, spent)
        return answer.status_code, answer.json().get("refresh_token", answer.text)

    with ThreadPoolExecutor(TABS) as pool:
        for _ in range(ROUNDS):
            answers = set(pool.map(tab, [token] * TABS))
            assert [status for status, _ in answers] == [200], answers
            ((_, token),) = answers


def test_a_token_whose_rotation_was_never_answered_gets_the_same_successor(
    web: Web, engine: Engine, database_url: str, tmp_path: Path
) -> None:
    """web is killed while PostgreSQL is about to commit the rotation, and it commits all the same."""
    with serving(tmp_path, DATABASE_URL=database_url, WEB_CONCURRENCY="1") as doomed:
        pair = sign_up(doomed)
        session_id = int(pair["refresh_token"].split(".")[0])
        with commit_held_back(engine, session_id) as let_go, ThreadPoolExecutor(1) as pool:
            unanswered = pool.submit(refresh, doomed, pair["refresh_token"])
            until_waiting(engine, part="COMMIT")
            workers = family(doomed.process.pid)[1:]
            assert workers
            for pid in workers:
                os.kill(pid, signal.SIGKILL)
            with pytest.raises(httpx.TransportError):
                unanswered.result()
            let_go()
            until_generation(engine, session_id, 2)
    again = refresh(web, pair["refresh_token"])
    assert again.status_code == 200, again.text
    assert again.json()["refresh_token"].startswith(f"{session_id}.2.")
    assert refresh(web, again.json()["refresh_token"]).status_code == 200


@contextmanager
def commit_held_back(engine: Engine, session_id: int) -> Iterator[Any]:
    """Until the function that this gives is called, whatever changes this session waits in its commit."""
    name = f"hold_back_{session_id}"
    with engine.begin() as setup:
        setup.execute(
            text(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET lock_timeout = 0 AS $$ BEGIN"
                f" PERFORM pg_advisory_xact_lock({LOCK}); RETURN NULL; END $$"
            )
        )
        setup.execute(
            text(
                f"CREATE CONSTRAINT TRIGGER {name} AFTER UPDATE ON sessions DEFERRABLE INITIALLY DEFERRED"
                f" FOR EACH ROW WHEN (NEW.id = {session_id}) EXECUTE FUNCTION {name}()"
            )
        )
    try:
        with engine.connect() as holder:
            holder.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
            yield holder.rollback
    finally:
        with engine.begin() as setup:
            setup.execute(text(f"DROP FUNCTION {name}() CASCADE"))


def until_generation(engine: Engine, session_id: int, generation: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with engine.connect() as connection:
            found = connection.scalar(text("SELECT generation FROM sessions WHERE id = :id"), {"id": session_id})
        if found == generation:
            return
        time.sleep(0.02)
    raise AssertionError(f"generation {found}")


# --- credentials and headers of real answers ---


@pytest.mark.parametrize("order", [1, -1])
def test_two_headers_with_tokens_are_refused_though_one_is_good(web: Web, order: int) -> None:
    good = sign_up(web)["access_token"]
    headers = [("Authorization", f"Bearer {token}") for token in [good, "x"][::order]]
    assert httpx.get(f"{web.url}/api/users/me", headers=headers).status_code == 401


def test_a_token_of_a_hundred_kilobytes_is_refused_and_harms_nothing(web: Web) -> None:
    try:
        answer = httpx.get(f"{web.url}/api/users/me", headers={"Authorization": f"Bearer {'x' * 100_000}"})
        assert 400 <= answer.status_code < 500
    except httpx.TransportError:
        """It was not even read to its end."""
    assert httpx.get(f"{web.url}/healthz").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "accept", "status"),
    [
        ("GET", "/", "text/html", 200),
        ("GET", "/docs", "text/html", 200),
        ("GET", "/nope", "text/html", 404),
        ("GET", "/nope", "*/*", 404),
        ("GET", "/api/config", "*/*", 200),
        ("GET", "/api/users/me", "*/*", 401),
        ("PUT", "/api/users/me", "*/*", 405),
        ("POST", "/api/auth/signin", "*/*", 422),
        ("GET", "/api/notifications/events?ticket=x", "*/*", 307),
        ("GET", "/static/docs/start.js", "*/*", 200),
        ("GET", "/openapi.json", "*/*", 200),
        ("GET", "/healthz", "*/*", 200),
    ],
)
def test_every_kind_of_answer_protects_who_looks_at_it(
    web: Web, method: str, path: str, accept: str, status: int
) -> None:
    answer = httpx.request(method, f"{web.url}{path}", headers={"Accept": accept})
    assert answer.status_code == status
    headers = answer.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Strict-Transport-Security"].startswith("max-age=")
    policy = headers["Content-Security-Policy"]
    for rule in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"):
        assert rule in policy
    assert "unsafe" not in policy
    assert "Access-Control-Allow-Credentials" not in headers
    is_page = headers.get("Content-Type", "").startswith("text/html")
    assert ("camera=()" in headers.get("Permissions-Policy", "")) == is_page
    assert (headers.get("Cross-Origin-Opener-Policy") == "same-origin") == is_page
    if is_page:
        assert "<script>" not in answer.text
        assert "style=" not in answer.text
        assert " onload" not in answer.text
