"""The doctor names what is wrong, and nothing else."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from sqlalchemy import Engine, text

from fechatter.config import Config, read_config
from fechatter.doctor import Finding, examine, examine_door, examine_postgresql, examine_redis
from fechatter.readiness import newest_schema
from tests.fechatter.feed.feeds import a_feed, put

Examined = Callable[[], dict[str, Finding]]


@pytest.fixture
def config(database_url: str) -> Config:
    return replace(read_config("worker"), database_url=database_url, public_url="", notify_url="")


@contextmanager
def door_that_says(status: int, body: bytes) -> Iterator[str]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def forget_what_other_tests_left(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM outbox"))


def verdicts(findings: Iterator[Finding], part: str) -> list[str]:
    return [finding.verdict for finding in findings if finding.part == part]


def test_an_installation_in_order_has_no_trouble(config: Config, engine: Engine) -> None:
    forget_what_other_tests_left(engine)
    durability = ("fsync", "full_page_writes")
    troubles = [f for f in examine(config) if f.verdict == "trouble" and not f.words.startswith(durability)]
    assert troubles == []


def test_a_schema_that_is_behind_is_trouble(config: Config, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    try:
        [finding] = [f for f in examine_postgresql(config) if f.part == "migrations"]
    finally:
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :newest"), {"newest": newest_schema()})
    assert finding.verdict == "trouble"
    assert "alembic upgrade head" in finding.words


def test_an_outbox_that_nobody_empties_is_trouble(config: Config, engine: Engine) -> None:
    workspace = a_feed(engine)
    put(engine, workspace, age=timedelta(seconds=30))
    found = verdicts(examine_postgresql(config), "relay")
    forget_what_other_tests_left(engine)
    assert found == ["trouble"]
    assert verdicts(examine_postgresql(config), "relay") == ["ok"]


def test_a_postgresql_that_is_away_is_one_finding_without_its_password(config: Config) -> None:
    away = replace(config, database_url="postgresql://postgres:s3cret@127.0.0.1:1/none")
    [finding] = examine_postgresql(away)
    assert finding.verdict == "trouble"
    assert "127.0.0.1:1/none" in finding.words
    assert "s3cret" not in finding.words


def test_a_redis_that_is_away_is_trouble_without_its_password(config: Config) -> None:
    [finding] = examine_redis(replace(config, redis_url="redis://:s3cret@127.0.0.1:1/0"))
    assert finding.verdict == "trouble"
    assert "127.0.0.1:1" in finding.words
    assert "s3cret" not in finding.words


@pytest.mark.parametrize(
    ("status", "body", "verdict"),
    [
        (200, b'{"status": "ok"}', "ok"),
        (200, b'{"status": "degraded"}', "trouble"),
        (503, b'{"status": "unavailable"}', "trouble"),
        (404, b"{}", "trouble"),
        (200, b"<html>", "trouble"),
        (200, b"[]", "trouble"),
    ],
)
def test_a_door_is_as_well_as_it_says(status: int, body: bytes, verdict: str) -> None:
    with door_that_says(status, body) as url:
        assert examine_door("web", url, in_production=False).verdict == verdict


def test_a_door_that_cannot_be_reached_is_trouble() -> None:
    assert examine_door("web", "http://127.0.0.1:1", in_production=False).verdict == "trouble"


def test_plain_http_in_production_is_a_warning() -> None:
    with door_that_says(200, b'{"status": "ok"}') as url:
        assert examine_door("web", url, in_production=True).verdict == "warning"
