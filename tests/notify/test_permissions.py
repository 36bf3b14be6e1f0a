"""Who may open a stream: those whom the table of `tests/app/matrix` has web send on to it, and nobody else."""

from contextlib import suppress

import httpx
import pytest
from flask import Flask
from sqlalchemy import Engine

from fechatter import models
from fechatter.access import Caller
from fechatter.actions.tickets import issue_ticket
from fechatter.errors import TooMany
from fechatter.limits import Limiter, address_key, rules_of
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
