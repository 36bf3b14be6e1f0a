"""Personal access tokens that somebody makes up: counted by address, and no bot is shut out by them."""

import secrets

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from fechatter.config import Config
from tests.app.signing import Account, assert_problem, sign_up
from tests.app.test_limited import an_address, limited_app, limits
from tests.statements import statements_of

__all__ = ["limits"]


def made_up() -> str:
    return f"fch_{secrets.token_urlsafe(32)}"


def ask(app: Flask, token: str, address: str) -> TestResponse:
    bearer = {"Authorization": f"Bearer {token}"}
    return app.test_client().get("/api/users/me", headers=bearer, environ_overrides={"REMOTE_ADDR": address})


def make(account: Account) -> str:
    return str(account.post("/api/auth/tokens", {"name": "A bot", "scopes": ["read"]}).json["token"])


@pytest.mark.parametrize("redis", ["up", "away"])
def test_they_run_out_and_stop_no_bot_that_is_at_work(
    config: Config, limits: dict[str, str], monkeypatch: pytest.MonkeyPatch, redis: str
) -> None:
    limits["wrong tokens"] = "3/hour"
    monkeypatch.setattr("frame.bearer.KNOWN_FOR", 0.0)
    app = limited_app(config, **({} if redis == "up" else {"redis_url": "redis://127.0.0.1:1/0"}))
    ann, here, elsewhere = sign_up(app.test_client()), an_address(), an_address()
    at_work, new = make(ann), make(ann)
    assert ask(app, at_work, here).status_code == 200
    assert [ask(app, made_up(), here).status_code for _ in range(5)] == [401] * 3 + [429] * 2
    refused = ask(app, new, here)
    assert_problem(refused, 429, "too_many_requests")
    assert 1 <= int(refused.headers["Retry-After"]) <= 3600
    assert refused.headers["RateLimit-Policy"] == '"wrong tokens";q=3;w=3600'
    served = [(at_work, here), (new, elsewhere), (ann.access_token, here)]
    assert [ask(app, token, address).status_code for token, address in served] == [200] * 3
    app.extensions["fechatter"].engine.dispose()


def test_beyond_the_limit_nothing_is_looked_up(config: Config, limits: dict[str, str]) -> None:
    limits["wrong tokens"] = "1/hour"
    app, here = limited_app(config), an_address()
    roads = []
    for _ in range(2):
        with statements_of(app.extensions["fechatter"].engine) as sent:
            ask(app, made_up(), here)
        roads.append(len(sent))
    assert roads == [1, 0]
    app.extensions["fechatter"].engine.dispose()


def test_where_a_token_was_good_is_forgotten_by_none_that_comes_after(config: Config, limits: dict[str, str]) -> None:
    """One that has ended is looked up there still, and counts each time."""
    limits["wrong tokens"] = "1/hour"
    app, here = limited_app(config), an_address()
    ann = sign_up(app.test_client())
    token = make(ann)
    assert ask(app, token, here).status_code == 200
    app.extensions["verified_tokens"]._claims.clear()
    [listed] = ann.get("/api/auth/tokens").json["items"]
    assert ann.delete(f"/api/auth/tokens/{listed['id']}").status_code == 204
    assert [ask(app, token, here).status_code for _ in range(2)] == [401, 429]
    app.extensions["fechatter"].engine.dispose()
