"""What every answer has: a request id, the form of errors, and headers that protect."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder

from app.create import create_app
from fechatter.config import Config
from tests.app.signing import assert_problem, sign_up

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize("path", ["/api/config", "/nope", "/api/users/me", "/healthz", "/api/auth/signup", "/docs"])
@pytest.mark.parametrize("given", ["a", "A-z_0.9", "x" * 128])
def test_the_callers_request_id_comes_back(client: FlaskClient, path: str, given: str) -> None:
    assert client.get(path, headers={"X-Request-ID": given}).headers["X-Request-ID"] == given


@pytest.mark.parametrize("given", [None, "", "x" * 129, "a b", "a/b", "ä", "a;b", '"><script>'])
def test_a_request_id_of_another_form_is_replaced(client: FlaskClient, given: str | None) -> None:
    headers = {} if given is None else {"X-Request-ID": given}
    ids = [client.get("/api/config", headers=headers).headers["X-Request-ID"] for _ in range(2)]
    assert given not in ids
    assert all(len(one) == 32 for one in ids)
    assert ids[0] != ids[1]


@pytest.mark.parametrize("path", ["/nope", "/api/nope", "/api", "/api/config/", "/static/nope", "/static/../wsgi.py"])
@pytest.mark.parametrize("accept", [None, "*/*", "application/json", "application/json, text/html"])
def test_an_unknown_path_is_a_problem(client: FlaskClient, path: str, accept: str | None) -> None:
    headers = {"Accept": accept} if accept else {}
    assert_problem(client.get(path, headers=headers), 404, "not_found")


@pytest.mark.parametrize("path", ["/invite//x", "/api//config", "/static//pages/page.css", "//nowhere"])
def test_nothing_redirects_to_the_host_that_a_request_has_named(client: FlaskClient, path: str) -> None:
    answer = client.open(EnvironBuilder(path="/x", environ_overrides={"PATH_INFO": path}, headers={"Host": "evil.org"}))
    assert_problem(answer, 404, "not_found")


def test_no_path_has_a_slash_at_its_end_that_one_could_leave_out(app: Flask) -> None:
    assert [rule.rule for rule in app.url_map.iter_rules() if rule.rule.endswith("/")] == ["/"]


def test_a_browser_gets_a_page_for_an_unknown_path(client: FlaskClient) -> None:
    answer = client.get("/nope", headers={"Accept": BROWSER})
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert answer.headers["X-Request-ID"] in answer.text


def test_a_browser_gets_problems_from_the_api_itself(client: FlaskClient) -> None:
    assert_problem(client.get("/api/users/me", headers={"Accept": BROWSER}), 401, "unauthorized")


def test_a_wrong_method_names_the_right_ones(client: FlaskClient) -> None:
    answer = client.put("/api/users/me", json={})
    assert_problem(answer, 405, "method_not_allowed")
    assert {"GET", "PATCH"} <= set(answer.headers["Allow"].split(", "))


def test_a_bug_is_a_500_that_tells_nothing(config: Config, caplog: pytest.LogCaptureFixture) -> None:
    app = create_app(config)
    app.add_url_rule("/bug", view_func=lambda: {}["a secret"])
    answer = app.test_client().get("/bug")
    assert_problem(answer, 500, "internal_error")
    assert "secret" not in answer.text
    assert "KeyError" in caplog.text


def test_answers_protect_browsers(client: FlaskClient) -> None:
    for path in ("/api/config", "/nope", "/docs", "/static/docs/start.js"):
        headers = client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy


def test_api_answers_are_stored_nowhere(client: FlaskClient) -> None:
    ann = sign_up(client)
    for answer in (ann.get("/api/users/me"), ann.get("/api/nope"), client.get("/api/users/me")):
        assert answer.headers["Cache-Control"] == "no-store"


def test_https_is_kept_only_where_it_is_used(app: Flask, config: Config) -> None:
    secure = create_app(replace(config, public_url="https://chat.example.org"))
    assert "max-age=" in secure.test_client().get("/api/config").headers["Strict-Transport-Security"]
    assert "Strict-Transport-Security" not in app.test_client().get("/api/config").headers


def test_named_origins_may_call_and_no_others(config: Config) -> None:
    client = create_app(replace(config, cors_origins=("https://app.example.org",))).test_client()
    ours = client.get("/api/config", headers={"Origin": "https://app.example.org"}).headers
    assert ours["Access-Control-Allow-Origin"] == "https://app.example.org"
    assert "Access-Control-Allow-Credentials" not in ours
    for origin in ("https://app.example.org.evil.test", "https://appXexample.org", "http://app.example.org", "null"):
        assert "Access-Control-Allow-Origin" not in client.get("/api/config", headers={"Origin": origin}).headers


def test_a_preflight_allows_what_the_stream_needs(config: Config) -> None:
    client = create_app(replace(config, cors_origins=("https://app.example.org",))).test_client()
    answer = client.options(
        "/api/notifications/events",
        headers={
            "Origin": "https://app.example.org",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "authorization, last-event-id, x-request-id",
        },
    )
    allowed = {name.strip().lower() for name in answer.headers["Access-Control-Allow-Headers"].split(",")}
    assert {"authorization", "last-event-id", "x-request-id"} <= allowed


def test_errors_are_readable_for_other_origins(config: Config) -> None:
    client = create_app(replace(config, cors_origins=("https://app.example.org",))).test_client()
    answer = client.get("/api/users/me", headers={"Origin": "https://app.example.org"})
    assert answer.status_code == 401
    assert answer.headers["Access-Control-Allow-Origin"] == "https://app.example.org"


def test_without_named_origins_none_may_call(client: FlaskClient) -> None:
    answer = client.get("/api/config", headers={"Origin": "https://app.example.org"})
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_config_tells_where_the_stream_is(client: FlaskClient, config: Config) -> None:
    answer = client.get("/api/config")
    assert answer.json["notify_url"] == config.notify_url
    assert answer.json["version"]


def test_health_and_readiness_answer_by_part(client: FlaskClient, without_redis: Flask) -> None:
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").json["status"] == "ok"
    degraded = without_redis.test_client().get("/readyz")
    assert (degraded.status_code, degraded.json["status"]) == (200, "degraded")


def test_without_postgresql_nothing_hangs_and_nothing_is_a_500(config: Config) -> None:
    client = create_app(replace(config, database_url="postgresql://nobody@127.0.0.1:1/none")).test_client()
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json["status"]) == (503, "unavailable")
    answer = client.post("/api/auth/signin", json={"email": "a@b.org", "password": "12345678"})
    assert_problem(answer, 503, "unavailable")
    assert int(answer.headers["Retry-After"]) >= 1
