"""Tickets, and the redirect to notify."""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from fechatter.config import Config
from fechatter.known_places import KnownPlaces
from fechatter.limits import address_key, hashed
from fechatter.tickets import spend_ticket
from fechatter.tokens import Claims
from tests.app.signing import Account, assert_problem, sign_up
from tests.statements import statements_of


@pytest.fixture
def ann(client: FlaskClient) -> Account:
    return sign_up(client)


def spend(engine: Engine, ticket: str) -> Claims | None:
    with engine.begin() as connection:
        return spend_ticket(connection, ticket)


def test_a_ticket_stands_for_the_session_that_asked_once(ann: Account, engine: Engine) -> None:
    answer = ann.post("/api/notifications/tickets")
    assert (answer.status_code, set(answer.json), answer.json["expires_in"]) == (201, {"ticket", "expires_in"}, 30)
    session_id = ann.get("/api/auth/sessions").json["items"][0]["id"]
    assert spend(engine, answer.json["ticket"]) == Claims(ann.id, session_id)
    assert spend(engine, answer.json["ticket"]) is None


@pytest.mark.parametrize("way", ["asked for", "redirected"])
def test_a_ticket_is_expected_where_it_was_given_out_as_long_as_it_lasts(app: Flask, ann: Account, way: str) -> None:
    here = {"REMOTE_ADDR": "2001:db8:7::1"}
    if way == "asked for":
        ticket = ann.post("/api/notifications/tickets", environ_overrides=here).json["ticket"]
    else:
        to = ann.get("/api/notifications/events", environ_overrides=here).headers["Location"]
        [ticket] = parse_qs(urlsplit(to).query)["ticket"]
    redis = app.extensions["fechatter"].redis
    places = [address_key(address) for address in ("2001:db8:7::2", "2001:db8:8::1")]
    assert [KnownPlaces(redis).is_expected(ticket, place) for place in places] == [True, False]
    assert 0 < redis.client.ttl(f"expected:{hashed((ticket, places[0]))}") <= 30


def test_of_many_who_bring_one_ticket_one_gets_in(ann: Account, engine: Engine) -> None:
    ticket = ann.post("/api/notifications/tickets").json["ticket"]
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: spend(engine, ticket), range(8)))
    assert len([result for result in results if result]) == 1


def test_a_ticket_ends_after_thirty_seconds(ann: Account, engine: Engine) -> None:
    ticket = ann.post("/api/notifications/tickets").json["ticket"]
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE tickets SET expires_at = expires_at - interval '30 s' WHERE user_id = :id"), {"id": ann.id}
        )
    assert spend(engine, ticket) is None


@pytest.mark.parametrize("ticket", ["", "x", "\0", "lone \udc80", "x" * 100_000, "é" * 43])
def test_what_is_no_ticket_opens_nothing_and_is_not_looked_up(engine: Engine, ticket: str) -> None:
    with statements_of(engine) as sent:
        assert spend(engine, ticket) is None
    assert sent == []


def test_the_ticket_itself_is_not_stored(ann: Account, engine: Engine) -> None:
    ticket = ann.post("/api/notifications/tickets").json["ticket"]
    with engine.connect() as connection:
        rows = connection.scalars(text("SELECT t::text FROM tickets t WHERE user_id = :id"), {"id": ann.id}).all()
    assert rows
    assert all(ticket not in row and ticket.encode().hex() not in row for row in rows)


def test_tickets_come_with_redis_away(without_redis: Flask, ann: Account) -> None:
    headers = {"Authorization": f"Bearer {ann.access_token}"}
    assert without_redis.test_client().post("/api/notifications/tickets", headers=headers).status_code == 201


def test_events_redirect_to_notify_with_the_query_and_a_ticket(ann: Account, config: Config, engine: Engine) -> None:
    answer = ann.get("/api/notifications/events?cursor=1.a-b-c&x=%26%3D&x=2&ticket=mine")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (307, "no-store")
    to = urlsplit(answer.headers["Location"])
    assert f"{to.scheme}://{to.netloc}" == config.notify_url
    assert to.path == "/api/notifications/events"
    query = parse_qs(to.query)
    assert (query["cursor"], query["x"]) == (["1.a-b-c"], ["&=", "2"])
    (ticket,) = query["ticket"]
    assert spend(engine, ticket)


def test_events_send_a_ticket_holder_on_as_it_came(client: FlaskClient, config: Config) -> None:
    answer = client.get("/api/notifications/events?ticket=abc&cursor=1")
    assert answer.status_code == 307
    assert answer.headers["Location"] == f"{config.notify_url}/api/notifications/events?ticket=abc&cursor=1"


def test_events_are_for_people_who_are_signed_in(client: FlaskClient, ann: Account) -> None:
    assert_problem(client.get("/api/notifications/events"), 401, "unauthorized")
    ann.post("/api/auth/signout")
    assert_problem(ann.get("/api/notifications/events"), 401, "bad_token")
    assert_problem(ann.post("/api/notifications/tickets"), 401, "bad_token")
