"""Limits at the door: who is counted, and what the answer says."""

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
from tests.app.mails import MAIL
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


def test_a_stranger_who_asks_for_mails_everywhere_stops_nobody_where_it_was_before(
    config: Config, limits: dict[str, str]
) -> None:
    limits["forgot for one"], limits["forgot for one from anywhere"] = "2/hour", "4/hour"
    client = limited_app(config, mail=MAIL).test_client()

    def forget(email: str, address: str) -> int:
        at = {"REMOTE_ADDR": address}
        return client.post("/api/auth/forgot", json={"email": email}, environ_overrides=at).status_code

    home = an_address()
    body = {"email": an_email(), "password": PASSWORD, "name": "Ann"}
    assert client.post("/api/auth/signup", json=body, environ_overrides={"REMOTE_ADDR": home}).status_code == 201
    for email in (body["email"], an_email()):
        here = an_address()
        assert [forget(email, here) for _ in range(3)] == [204, 204, 429]
        assert [forget(email.upper(), an_address()) for _ in range(3)] == [204, 204, 429]
    assert forget(body["email"], home) == 204


@pytest.mark.parametrize(
    ("limit", "path", "body"),
    [
        ("forgot", "/api/auth/forgot", {"email": "a@example.org"}),
        ("mailed token", "/api/auth/reset", {"token": "x", "password": PASSWORD}),
        ("mailed token", "/api/auth/verify", {"token": "x"}),
    ],
)
def test_what_goes_by_mail_is_counted_by_address(
    config: Config, limits: dict[str, str], limit: str, path: str, body: dict[str, str]
) -> None:
    limits[limit] = "1/hour"
    client = limited_app(config, mail=MAIL).test_client()
    for here in (an_address(), an_address()):
        at = {"REMOTE_ADDR": here}
        statuses = [client.post(path, json=body, environ_overrides=at).status_code for _ in range(2)]
        assert [status == 429 for status in statuses] == [False, True]


def test_mails_to_oneself_are_counted_by_account(config: Config, limits: dict[str, str]) -> None:
    limits["verification"] = "1/hour"
    client = limited_app(config, mail=MAIL).test_client()
    for account in (sign_up(client), sign_up(client)):
        assert [account.post("/api/auth/verification").status_code for _ in range(2)] == [204, 429]


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
