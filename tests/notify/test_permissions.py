"""Who may open a stream: those whom the table of `tests/app/matrix` has web send on to it, and nobody else."""

import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from time import time
from uuid import uuid4

import httpx
import pytest
from flask import Flask
from sqlalchemy import Engine

from fechatter import models
from fechatter.access import Caller
from fechatter.actions.tickets import issue_ticket
from fechatter.errors import TooMany
from fechatter.known_places import KnownPlaces
from fechatter.limits import Limiter, address_key, hashed, rules_of
from fechatter.redis_link import RedisLink
from launcher.redis import Redis
from tests.app.matrix.table import answer_to, columns
from tests.app.matrix.world import World
from tests.factories import committed
from tests.notify.process import Notify

ANSWERS = {307: 200, 401: 401}
"""Of notify, by what web answers to the same call."""


@pytest.fixture(scope="module")
def people(engine: Engine) -> World:
    return World(Flask("none"), engine)


@pytest.mark.parametrize("who", columns())
@pytest.mark.parametrize("way", ["token", "ticket", "token beside a spent ticket"])
def test_a_stream_opens_for_who_may_have_one(people: World, notify: Notify, engine: Engine, who: str, way: str) -> None:
    headers, query = {}, ""
    if who in people.sessions and way != "ticket":
        headers["Authorization"] = f"Bearer {people.token(who)}"
    if who in people.sessions and way == "ticket":
        query = f"?ticket={_ticket(engine, people.sessions[who])}"
    if way == "token beside a spent ticket":
        query = "?ticket=spent"
    wanted = ANSWERS[answer_to("GET /api/notifications/events", who) or 0] if "spent" not in way else 401
    with httpx.stream("GET", f"{notify.url}/api/notifications/events{query}", headers=headers, timeout=60) as stream:
        assert stream.status_code == wanted
        if wanted == 401:
            assert b"data:" not in stream.read()


def _ticket(engine: Engine, sign_in: models.Session) -> str:
    with committed(engine) as session:
        return issue_ticket(session, Caller(sign_in.user_id, sign_in.id, 0))


def test_streams_that_are_opened_without_end_are_refused(people: World, notify: Notify, own_redis: Redis) -> None:
    """They are counted together with those that another process has opened."""
    [rule], limiter = rules_of("streams"), Limiter(RedisLink(own_redis.url, timeout=30))
    with suppress(TooMany):
        for _ in range(2 * rule.amount):
            limiter.hit("streams", people.users["author"].id)
    headers = {"Authorization": f"Bearer {people.token('author')}"}
    with httpx.stream("GET", f"{notify.url}/api/notifications/events", headers=headers, timeout=60) as answer:
        assert answer.status_code == 429
        assert 1 <= int(answer.headers["Retry-After"]) <= rule.seconds
        assert answer.headers["RateLimit"].startswith('"streams";r=0;t=')


def test_a_stream_says_how_many_more_one_may_open(people: World, notify: Notify) -> None:
    headers = {"Authorization": f"Bearer {people.token('newcomer')}"}
    with httpx.stream("GET", f"{notify.url}/api/notifications/events", headers=headers, timeout=60) as answer:
        assert answer.status_code == 200
        assert answer.headers["RateLimit"].startswith('"streams";r=')


def test_tokens_that_somebody_makes_up_are_refused_here_too(notify: Notify, own_redis: Redis) -> None:
    [rule], limiter = rules_of("wrong tokens"), Limiter(RedisLink(own_redis.url, timeout=30))
    with suppress(TooMany):
        for _ in range(2 * rule.amount):
            limiter.hit("wrong tokens", address_key("127.0.0.1"))
    headers = {"Authorization": f"Bearer fch_{'x' * 43}"}
    answer = httpx.get(f"{notify.url}/api/notifications/events", headers=headers)
    assert answer.status_code == 429
    assert answer.headers["RateLimit"].startswith('"wrong tokens";r=0;t=')


Ask = Callable[[str, str], httpx.Response]


@pytest.fixture(scope="module")
def ask(database_url: str, own_redis: Redis) -> Iterator[Ask]:
    """Shows a ticket from an address."""
    notify = Notify(database_url, own_redis.url, TRUSTED_PROXIES="1").start()

    def show(ticket: str, address: str) -> httpx.Response:
        url, headers = f"{notify.url}/api/notifications/events", {"X-Forwarded-For": address}
        with httpx.stream("GET", url, params={"ticket": ticket}, headers=headers, timeout=10) as answer:
            if answer.status_code != 200:
                answer.read()
            return answer

    yield show
    notify.kill(signal.SIGTERM)


def an_address() -> str:
    return f"2001:db8:{uuid4().hex[:4]}:{uuid4().hex[:4]}::1"


def wrong_tickets(own_redis: Redis, address: str, shown: int | None = None) -> int:
    """How many were shown from there; or now have been, in this minute."""
    client, key = RedisLink(own_redis.url).client, f"limits:wrong tickets:{hashed((address_key(address),))}"
    if shown is not None:
        client.hset(key, mapping={"window": int(time() // 60), "count": shown, "before": 0})
    return sum(int(count or 0) for count in client.hmget(key, "count", "before"))


MANY = 1_000_000
"""Too many for the next minute as well."""


@pytest.mark.parametrize("ticket", ["x" * 43, "x", ""])
def test_tickets_that_are_made_up_run_out(ask: Ask, own_redis: Redis, ticket: str) -> None:
    here = an_address()
    answers = [ask(ticket, here) for _ in range(2)]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(401, "bad_token")] * 2
    assert wrong_tickets(own_redis, here) == 2
    wrong_tickets(own_redis, here, MANY)
    refused = ask(ticket, here)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert refused.headers["RateLimit"].startswith('"wrong tickets";r=0;t=')
    assert ask(ticket, an_address()).status_code == 401


def test_beyond_that_only_those_are_looked_up_that_were_given_out_there(
    people: World, engine: Engine, ask: Ask, own_redis: Redis
) -> None:
    here, elsewhere, places = an_address(), an_address(), KnownPlaces(RedisLink(own_redis.url))
    wrong_tickets(own_redis, here, MANY)
    expected, other = (_ticket(engine, people.sessions["newcomer"]) for _ in range(2))
    places.expect(expected, address_key(here), 30)
    assert ask(other, here).status_code == 429
    assert ask(other, elsewhere).status_code == 200, "it was not looked up, and so not spent"
    assert ask(expected, here).status_code == 200
    assert ask(expected, here).status_code == 429
    assert not places.is_expected(expected, address_key(here)), "a spent one is looked up there once"


def test_no_ticket_stands_for_an_account_that_has_signed_in_there(ask: Ask, own_redis: Redis) -> None:
    """Else whoever shares an address could find out who signs in there, and shut that person out."""
    here, ann, redis = an_address(), f"{uuid4().hex}@example.org", RedisLink(own_redis.url, timeout=30)
    KnownPlaces(redis).remember(ann, address_key(here))
    assert ask(ann, here).status_code == 401
    assert KnownPlaces(redis).know(ann, address_key(here))
    wrong_tickets(own_redis, here, MANY)
    assert ask(ann, here).status_code == 429
