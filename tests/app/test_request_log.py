"""What is logged and measured of a request, and what never is."""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.create import create_app
from fechatter.config import Config
from fechatter.logs import log_context, set_up_logging
from tests.app.signing import PASSWORD, sign_up


@pytest.fixture
def lines(config: Config, monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """What this process writes while it logs as in production."""
    output = StringIO()
    handlers, level = logging.root.handlers[:], logging.root.level
    monkeypatch.setattr("sys.stderr", output)
    set_up_logging(replace(config, environment="production", log_level="INFO"))
    yield output
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


def requests_in(lines: StringIO) -> list[dict[str, object]]:
    rows = [json.loads(line) for line in lines.getvalue().splitlines()]
    return [row for row in rows if row["logger"] == "fechatter.request"]


def test_a_request_is_one_line_of_json(client: FlaskClient, lines: StringIO) -> None:
    ann = sign_up(client)
    ann.get(f"/api/users/{ann.id}?x=1", headers={"X-Request-ID": "req-1"})
    line = requests_in(lines)[-1]
    assert {key: line[key] for key in ("level", "method", "route", "status", "request_id", "user_id")} == {
        "level": "INFO",
        "method": "GET",
        "route": "/api/users/<id:user_id>",
        "status": 200,
        "request_id": "req-1",
        "user_id": ann.id,
    }
    assert isinstance(line["ms"], float)
    assert str(line["time"]).endswith("+00:00")


def test_no_secret_is_ever_logged(client: FlaskClient, lines: StringIO) -> None:
    ann = sign_up(client)
    ann.refresh()
    ticket = ann.post("/api/notifications/tickets").json["ticket"]
    location = ann.get("/api/notifications/events").headers["Location"]
    client.get(f"/api/notifications/events?ticket={ticket}")
    client.get("/nowhere/an-invite-token?ticket=some-ticket")
    client.post("/api/auth/signin", json={"email": ann.email, "password": PASSWORD + "!"})
    client.post("/api/auth/signup", data=f'{{"password": "{PASSWORD}', content_type="application/json")
    assert len(requests_in(lines)) == 8
    written = lines.getvalue()
    for secret in (PASSWORD, ann.access_token, ann.refresh_token, ticket, location[-20:], "an-invite", "some-ticket"):
        assert secret not in written
    assert ann.email not in written


def test_probes_of_machines_make_no_lines(client: FlaskClient, lines: StringIO) -> None:
    client.get("/healthz")
    client.get("/readyz")
    assert requests_in(lines) == []


def test_a_bugs_traceback_carries_the_request_id(config: Config, lines: StringIO) -> None:
    app = create_app(config)
    app.add_url_rule("/bug", view_func=lambda: {}["missing"])
    app.test_client().get("/bug", headers={"X-Request-ID": "req-2"})
    bug = next(row for row in map(json.loads, lines.getvalue().splitlines()) if row["level"] == "ERROR")
    assert bug["request_id"] == "req-2"
    assert "KeyError" in bug["exception"]
    assert log_context.get() is None


def test_development_writes_lines_for_people(
    config: Config, lines: StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logging(replace(config, environment="development", log_level="INFO"))
    logging.getLogger("some.where").info("it happened")
    assert capsys.readouterr().err.endswith("INFO    some.where: it happened\n")


def test_metrics_are_not_there_without_a_token(client: FlaskClient) -> None:
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.fixture
def measured(config: Config) -> Flask:
    return create_app(replace(config, metrics_token="let me in"))


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer let me", "let me in", "bearer let me in", "Bearer lét me in"])
def test_metrics_are_as_missing_for_who_lacks_the_token(measured: Flask, header: str) -> None:
    client = measured.test_client()
    answer = client.get("/metrics", headers={"Authorization": header, "X-Request-ID": "same"})
    assert answer.status_code == 404
    assert answer.data == client.get("/nowhere", headers={"X-Request-ID": "same"}).data


def test_metrics_count_requests_by_rule(measured: Flask) -> None:
    client = measured.test_client()
    client.get("/api/chats/7/messages")
    client.get("/nowhere/secret-path")
    client.open("/healthz", method="WHATEVER")
    answer = client.get("/metrics", headers={"Authorization": "Bearer let me in"})
    assert answer.mimetype == "text/plain"
    rule = 'method="GET",route="/api/chats/<id:chat_id>/messages",status="401"'
    assert f"fechatter_request_seconds_count{{{rule}}}" in answer.text
    assert 'method="GET",route="none",status="404"' in answer.text
    assert 'method="other"' in answer.text
    assert "secret-path" not in answer.text
