"""Limits at the door: who is counted, and what the answer says."""

import re
from collections.abc import Iterator
from dataclasses import replace
from random import randrange
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.create import create_app
from fechatter import models
from fechatter.config import Config
from fechatter.limits import LIMITS
from tests.app.people import Person
from tests.app.signing import PASSWORD, an_email, assert_problem, sign_in, sign_up


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Changes to these hold for applications that are made after them."""
    for name in LIMITS:
        monkeypatch.setitem(LIMITS, name, "1000/hour")
    return LIMITS


def an_address() -> str:
    """From which nobody has called before, in whatever Redis."""
    return f"2001:db8:{uuid4().hex[:4]}:{uuid4().hex[:4]}::1"


@pytest.fixture
def address() -> str:
    return an_address()


def limited_app(config: Config, **changes: object) -> Flask:
    return create_app(replace(config, rate_limits=True, **changes))


@pytest.fixture(params=["redis", "memory"])
def anonymous(request: pytest.FixtureRequest, config: Config, limits: dict[str, str]) -> Iterator[FlaskClient]:
    """Where three sign-ins to one account are too many, with Redis and without."""
    limits["sign-in to one"] = "2/hour"
    changes = {} if request.param == "redis" else {"redis_url": "redis://127.0.0.1:1/0"}
    app = limited_app(config, **changes)
    yield app.test_client()
    app.extensions["fechatter"].engine.dispose()


def guess(client: FlaskClient, email: str, address: str) -> int:
    body = {"email": email, "password": "a wrong guess"}
    return client.post("/api/auth/signin", json=body, environ_overrides={"REMOTE_ADDR": address}).status_code


def test_guesses_at_one_account_run_out(anonymous: FlaskClient, address: str) -> None:
    email = an_email()
    assert [guess(anonymous, email, address) for _ in range(3)] == [401, 401, 429]
    assert guess(anonymous, email.upper(), address) == 429
    assert guess(anonymous, an_email(), address) == 401


def test_a_strangers_guesses_do_not_shut_the_owner_out(anonymous: FlaskClient, address: str) -> None:
    ann = sign_up(anonymous)
    assert [guess(anonymous, ann.email, address) for _ in range(3)][-1] == 429
    assert sign_in(anonymous, ann.email).is_signed_in()


def test_a_429_says_when_to_come_back(config: Config, limits: dict[str, str], address: str) -> None:
    limits["sign-up"] = "1/minute"
    client = limited_app(config).test_client()
    for status in (201, 429):
        body = {"email": an_email(), "password": PASSWORD, "name": "A"}
        answer = client.post("/api/auth/signup", json=body, environ_overrides={"REMOTE_ADDR": address})
        assert answer.status_code == status
    assert_problem(answer, 429, "too_many_requests")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60


def test_accounts_are_counted_apart_from_one_address(config: Config, limits: dict[str, str]) -> None:
    limits["tickets"] = "1/hour"
    client = limited_app(config).test_client()
    ann, ben = sign_up(client), sign_up(client)
    assert ann.post("/api/notifications/tickets").status_code == 201
    assert ann.post("/api/notifications/tickets").status_code == 429
    assert ann.get("/api/notifications/events").status_code == 429
    assert ben.post("/api/notifications/tickets").status_code == 201


def test_a_forwarded_address_counts_only_behind_a_trusted_proxy(config: Config, limits: dict[str, str]) -> None:
    limits["sign-in"] = "1/hour"
    for hops, last in ((0, 429), (1, 401)):
        client = limited_app(config, trusted_proxies=hops).test_client()
        proxy = f"2001:db8:{uuid4().hex[:4]}:{uuid4().hex[:4]}::1"
        for status in (401, last):
            answer = client.post(
                "/api/auth/signin",
                json={"email": an_email(), "password": "12345678"},
                headers={"X-Forwarded-For": f"1.2.3.4, 2001:db8:{uuid4().hex[:4]}:{uuid4().hex[:4]}::2"},
                environ_overrides={"REMOTE_ADDR": proxy},
            )
            assert answer.status_code == status


def test_a_stranger_who_guesses_everywhere_shuts_nobody_out_where_it_was_before(
    config: Config, limits: dict[str, str], address: str
) -> None:
    limits["sign-in to one from anywhere"] = "5/hour"
    client = limited_app(config).test_client()
    home, abroad = ({"environ_overrides": {"REMOTE_ADDR": an_address()}} for _ in range(2))
    email = an_email()
    body = {"email": email, "password": PASSWORD, "name": "Ann"}
    assert client.post("/api/auth/signup", json=body, **home).status_code == 201
    assert [guess(client, email, an_address()) for _ in range(7)] == [401] * 5 + [429] * 2
    assert sign_in(client, email, **home).is_signed_in()
    assert guess(client, email, home["environ_overrides"]["REMOTE_ADDR"]) == 401
    body = {"email": email, "password": PASSWORD}
    assert client.post("/api/auth/signin", json=body, **abroad).status_code == 429


def test_only_wrong_passwords_count_against_guesses_from_anywhere(config: Config, limits: dict[str, str]) -> None:
    limits["sign-in to one from anywhere"] = "2/hour"
    client = limited_app(config).test_client()
    ann = sign_up(client)
    for _ in range(4):
        assert sign_in(client, ann.email, environ_overrides={"REMOTE_ADDR": an_address()}).is_signed_in()
    assert [guess(client, ann.email, an_address()) for _ in range(3)] == [401, 401, 429]


def test_every_call_that_writes_and_every_one_that_shows_what_is_ones_own_has_a_limit(app: Flask) -> None:
    without = set()
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        writes = (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}
        needs_a_token = "security" in getattr(view, "_apidoc", {}).get("manual_doc", {})
        if (writes or needs_a_token) and getattr(view, "limit", None) not in LIMITS:
            without.add(rule.rule)
    # It counts what it redirects to as a ticket, in its own words.
    assert without == {"/api/notifications/events"}


def test_limits_can_be_off(config: Config, limits: dict[str, str], address: str) -> None:
    limits["sign-in to one"] = "1/hour"
    client = create_app(replace(config, rate_limits=False)).test_client()
    email = an_email()
    assert [guess(client, email, address) for _ in range(3)] == [401, 401, 401]


@pytest.mark.parametrize("limit", ["posting", "reading", "typing", "fetching", "changing"])
def test_what_one_does_in_chats_is_counted_by_person(
    config: Config, limits: dict[str, str], ann: Person, ben: Person, chat: models.Chat, limit: str
) -> None:
    limits[limit] = "1/hour"
    app = limited_app(config)
    method, path, body = {
        "posting": ("POST", "/messages", {"content": "x"}),
        "reading": ("POST", "/read", {"seq": 0}),
        "typing": ("POST", "/typing", None),
        "fetching": ("GET", "/messages", None),
        "changing": ("PATCH", "", {"topic": "x"}),
    }[limit]
    for person in (ann, ben):
        answers = [person.through(app).call(method, f"/api/chats/{chat.id}{path}", body) for _ in range(2)]
        assert [answer.status_code < 300 for answer in answers] == [True, False]
        assert_problem(answers[1], 429, "too_many_requests")
    app.extensions["fechatter"].engine.dispose()


def test_edits_and_deletions_count_as_posts(
    config: Config, limits: dict[str, str], ann: Person, chat: models.Chat
) -> None:
    limits["posting"] = "3/hour"
    app = limited_app(config)
    ann = ann.through(app)
    message = ann.post(f"/api/chats/{chat.id}/messages", {"content": "x"}).json
    one = f"/api/messages/{message['id']}"
    answers = [ann.patch(one, {"content": "y"}), ann.delete(one), ann.delete(one)]
    assert [answer.status_code for answer in answers] == [200, 204, 429]
    app.extensions["fechatter"].engine.dispose()


def test_headers_say_what_is_allowed_and_what_is_left_of_it(
    config: Config, limits: dict[str, str], ann: Person, chat: models.Chat
) -> None:
    limits["fetching"], limits["posting"] = "2/hour", "2/minute; 1/hour"
    ann = ann.through(limited_app(config))
    seen = [ann.get(f"/api/chats/{chat.id}") for _ in range(3)]
    assert [answer.status_code for answer in seen] == [200, 200, 429]
    assert {answer.headers["RateLimit-Policy"] for answer in seen} == {'"fetching";q=2;w=3600'}
    left = [re.fullmatch(r'"fetching";r=(\d+);t=(\d+)', answer.headers["RateLimit"]) for answer in seen]
    assert [found[1] for found in left if found] == ["1", "0", "0"]
    assert left[2]
    assert left[2][2] == seen[2].headers["Retry-After"]
    posts = [ann.post(f"/api/chats/{chat.id}/messages", {"content": "x"}) for _ in range(2)]
    assert [post.status_code for post in posts] == [201, 429]
    assert posts[1].headers["RateLimit-Policy"] == '"posting/minute";q=2;w=60, "posting/hour";q=1;w=3600'
    assert posts[1].headers["RateLimit"].startswith('"posting/minute";r=1;t=')


def test_headers_of_other_refusals_have_no_count_and_so_are_alike(
    config: Config, limits: dict[str, str], ann: Person
) -> None:
    ann = ann.through(limited_app(config))
    answers = [ann.get(f"/api/chats/{2**62}", headers={"X-Request-ID": "same"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].headers["RateLimit-Policy"]
    first, second = ({name: value for name, value in answer.headers if name != "Date"} for answer in answers)
    assert first == second
    assert "RateLimit" not in first


def test_guesses_show_in_the_headers_of_signing_in(config: Config, limits: dict[str, str], address: str) -> None:
    client = limited_app(config).test_client()
    ann = sign_up(client)
    body = {"email": ann.email, "password": PASSWORD}
    answer = client.post("/api/auth/signin", json=body, environ_overrides={"REMOTE_ADDR": address})
    names = re.findall(r'"([^"]+)"', answer.headers["RateLimit"])
    assert names == ["sign-in", "sign-in to one"]


@pytest.mark.parametrize("port", ["", ":1234"])
def test_a_proxy_that_writes_ports_makes_no_client_of_each(config: Config, limits: dict[str, str], port: str) -> None:
    limits["sign-in"] = "1/hour"
    client, host = limited_app(config, trusted_proxies=1).test_client(), an_ipv4()
    for number, (status, spoofed) in enumerate(((401, ""), (429, "1.2.3.4, "), (429, '"5.6.7.8, '))):
        answer = client.post(
            "/api/auth/signin",
            json={"email": an_email(), "password": "12345678"},
            headers={"X-Forwarded-For": f"{spoofed}{host}{port and port + str(number)}"},
        )
        assert answer.status_code == status


def an_ipv4() -> str:
    return f"198.{randrange(256)}.{randrange(256)}.{randrange(256)}"
