"""Every query of the busy roads goes by an index: on big tables none of them reads a table from end to end.

`pytest -s` prints the plans.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from operator import sub
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from flask import Flask
from flask_jwt_extended import create_access_token
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.create import create_app
from app.schemas.push import NewSubscription
from fechatter.actions.messages import delete_message, edit_message
from fechatter.actions.posting import Post, post_message
from fechatter.actions.reading import mark_read
from fechatter.config import read_config
from fechatter.cursor import Place
from fechatter.db import fetch
from fechatter.feed.changes import read_changes
from fechatter.feed.pages import FeedState, read_feeds, read_page, read_personal_page
from fechatter.feed.relay import stale_workspaces
from fechatter.feed.standing import place_before_joining, read_standing
from fechatter.mail import sending
from fechatter.mail.texts import KINDS
from fechatter.queries.messages import message_of
from fechatter.tickets import spend_ticket
from tests.fechatter.big import BIG, a_big_database, plan_of, read_from_end_to_end
from tests.fechatter.push.roads import PUSH_ROADS
from tests.fechatter.roads import posts_together, statements_of_reading
from tests.statements import statements_of


@pytest.fixture(scope="module")
def big(database_url: str) -> Iterator[Engine]:
    with a_big_database(database_url) as engine:
        yield engine


@pytest.fixture(scope="module")
def web(big: Engine) -> Iterator[Flask]:
    url = big.url.render_as_string(hide_password=False)
    app = create_app(replace(read_config("web"), database_url=url, redis_url="redis://127.0.0.1:1/0"))
    yield app
    app.extensions["fechatter"].engine.dispose()


def in_session(action: Callable[[Session], object]) -> Callable[[Engine], object]:
    def run(engine: Engine) -> None:
        with Session(engine) as session:
            action(session)
            session.flush()
            session.rollback()

    return run


def a_mailed_token(engine: Engine) -> None:
    with engine.begin() as connection:
        sending._make_token(connection, KINDS["reset"], 1, "1@example.org")


FEED = FeedState(1, 30_000, 0)
BUSY_ROADS: dict[str, Callable[[Engine], object]] = {
    "one message": in_session(lambda session: message_of(session, 1, 1)),
    "an edit": in_session(lambda session: edit_message(session, 2, 1, "new")),
    "a deletion": in_session(lambda session: delete_message(session, 2, 1)),
    "marking as read": in_session(lambda session: mark_read(session, 1, 1, 5)),
    "a ticket": in_session(lambda session: spend_ticket(session.connection(), "x" * 43)),
    "a mail that is due": sending._claim,
    "a token for a mail": a_mailed_token,
    "what the relay has left": stale_workspaces,
    "what the relay has left of some": lambda engine: stale_workspaces(engine, among=range(1, 50)),
    "a page of a feed": lambda engine: read_page(engine, 1, Place(1, 15_000)),
    "a personal page, few chats": lambda engine: read_personal_page(engine, 1, Place(1, 15_000), 1, range(1, 4)),
    "a personal page, many chats": lambda engine: read_personal_page(engine, 1, Place(1, 15_000), 1, range(1, 1001)),
    "the feeds": lambda engine: read_feeds(engine, range(1, 100)),
    "what a stream must know": lambda engine: read_standing(engine, 1, 1, [1, 2]),
    "where a joining stands": lambda engine: place_before_joining(engine, 1, 1, 5, FEED),
    "changes of people": lambda engine: read_changes(engine, read_changes(engine, None)[1]),
    **PUSH_ROADS,
}


def check_plans(engine: Engine, title: str, sent: list[tuple[str, Any]]) -> None:
    plans = [plan_of(engine, *statement) for statement in sent]
    sys.stdout.write(f"\n== {title}\n" + "\n\n".join(plans) + "\n")
    assert plans
    assert [read_from_end_to_end(plan) for plan in plans] == [set()] * len(plans)


@pytest.mark.parametrize("road", BUSY_ROADS)
def test_no_busy_road_reads_a_table_from_end_to_end(big: Engine, road: str) -> None:
    with statements_of(big) as sent:
        BUSY_ROADS[road](big)
    check_plans(big, road, sent)


CALLS: list[tuple[str, str, Any, int]] = [
    ("POST", "/api/auth/signin", {"email": "1@example.com", "password": "12345678"}, 401),
    (
        "POST",
        "/api/auth/signup",
        {"email": "new@example.com", "password": "correct horse", "name": "N", "workspace": "W"},
        201,
    ),
    ("GET", "/api/auth/sessions", None, 200),
    ("DELETE", "/api/auth/sessions/4001", None, 204),
    ("GET", "/api/users/me", None, 200),
    ("GET", "/api/users/2", None, 200),
    ("GET", "/api/users/4000", None, 404),
    ("GET", "/api/presence?user_id=2&user_id=4000", None, 200),
    ("GET", "/api/workspaces", None, 200),
    ("GET", "/api/workspaces/1", None, 200),
    ("GET", "/api/workspaces/1/members", None, 200),
    ("PATCH", "/api/workspaces/1/members/20", {"role": "admin"}, 200),
    ("DELETE", "/api/workspaces/1/members/20", None, 204),
    ("GET", "/api/workspaces/1/channels", None, 200),
    ("GET", "/api/workspaces/1/invites", None, 200),
    ("POST", "/api/workspaces/1/invites", {}, 201),
    ("POST", "/api/invites/nonsense/accept", None, 404),
    ("GET", "/api/chats", None, 200),
    ("POST", "/api/chats", {"workspace_id": 1, "type": "single", "member_ids": [2]}, 201),
    ("POST", "/api/chats", {"workspace_id": 1, "type": "group", "member_ids": [2, 3]}, 201),
    ("POST", "/api/chats", {"workspace_id": 1, "type": "public_channel", "name": "new", "member_ids": []}, 201),
    ("GET", "/api/chats/1", None, 200),
    ("PATCH", "/api/chats/1", {"name": "other"}, 200),
    ("GET", "/api/chats/1/members", None, 200),
    ("DELETE", "/api/chats/1/members/2", None, 204),
    ("POST", "/api/chats/1/members", {"user_ids": [2]}, 201),
    ("PATCH", "/api/chats/1/members/2", {"role": "admin"}, 200),
    ("POST", "/api/chats/3/leave", None, 409),
    ("POST", "/api/chats/3/join", None, 200),
    ("DELETE", "/api/chats/3", None, 204),
    ("POST", "/api/chats/1/messages", {"content": "x"}, 201),
    ("GET", "/api/chats/1/messages", None, 200),
    ("POST", "/api/chats/1/read", {"seq": 40_000}, 200),
    ("POST", "/api/chats/1/typing", None, 204),
    ("GET", "/api/users/me/blocks", None, 200),
    ("POST", "/api/users/me/blocks", {"user_id": 5}, 201),
    ("DELETE", "/api/users/me/blocks/5", None, 204),
    ("POST", "/api/workspaces/1/suspensions", {"user_id": 19}, 201),
    ("GET", "/api/workspaces/1/suspensions", None, 200),
    ("DELETE", "/api/workspaces/1/suspensions/19", None, 204),
    ("POST", "/api/messages/1/reports", {"reason": "x"}, 201),
    ("GET", "/api/workspaces/1/reports", None, 200),
    ("PATCH", "/api/workspaces/1/reports/1", {"resolved": True}, 200),
    ("GET", "/api/workspaces/1/audit", None, 200),
    ("GET", "/api/auth/audit", None, 200),
    ("POST", "/api/notifications/tickets", None, 201),
    ("POST", "/api/notifications/push/subscriptions", NewSubscription.EXAMPLE, 201),
    ("GET", "/api/notifications/push/subscriptions", None, 200),
    ("DELETE", "/api/notifications/push/subscriptions/1", None, 204),
    ("GET", "/api/notifications/settings", None, 200),
    ("PATCH", "/api/notifications/settings", {"paused_until": "2030-01-01T00:00:00Z"}, 200),
    ("PATCH", "/api/chats/1/notifications", {"level": "all"}, 200),
    ("POST", "/api/auth/verify", {"token": "x"}, 404),
    ("POST", "/api/auth/reset", {"token": "x", "password": "correct horse"}, 404),
]


@pytest.mark.parametrize(("method", "path", "body", "status"), CALLS)
def test_no_call_reads_a_table_from_end_to_end(
    big: Engine, web: Flask, method: str, path: str, body: Any, status: int
) -> None:
    with web.app_context():
        token = create_access_token("1", additional_claims={"sid": 1})
    more = {} if body is None else {"json": body}
    with statements_of(web.extensions["fechatter"].engine) as sent:
        answer = web.test_client().open(path, method=method, headers={"Authorization": f"Bearer {token}"}, **more)
    assert answer.status_code == status, answer.json
    check_plans(big, f"{method} {path}", sent)


def a_post(session: Session, **more: Any) -> str:
    return post_message(session.connection(), Post(1, 1, 1, "Hello", **more)).outcome


def a_post_with(session: Session, rule: str) -> str:
    session.execute(text(f"UPDATE chats SET {rule} WHERE id = 1"))
    return a_post(session)


def relayed(session: Session, which: list[int], wait: bool) -> str:
    return str(session.scalar(text("SELECT count(*) FROM relay_v2(:w, :wait, 500)"), {"w": which, "wait": wait}))


FUNCTIONS: dict[str, tuple[Callable[[Session], str], set[str]]] = {
    "post": (a_post, {"created"}),
    "post with all": (lambda s: a_post(s, client_id=uuid4().hex, reply_to=reply_in_chat(s)), {"created"}),
    "repeat": (lambda s: a_post(s, client_id="the same"), {"created", "repeated"}),
    "post, read-only": (lambda s: a_post_with(s, "read_only = true"), {"created"}),
    "post, slow mode": (lambda s: a_post_with(s, "slow_mode = 60"), {"created"}),
    "post, blocked": (lambda s: a_post_with(s, "closed = true"), {"blocked"}),
    "refused reply": (lambda s: a_post(s, reply_to=2**60), {"bad_reply"}),
    "posts together": (lambda s: posts_together(s, wait=False), {"created created created", "created busy created"}),
    "posts to one chat": (lambda s: posts_together(s, wait=True), {"created created"}),
    "relay": (lambda s: relayed(s, [2], wait=True), {"40", "0"}),
    "relay several": (lambda s: relayed(s, [3, 2, 5, 4], wait=False), {"160", "0"}),
}


class Scans(NamedTuple):
    """Of one table: how often it was read from end to end, and by an index."""

    whole: int
    by_index: int


def scans_so_far(session: Session) -> dict[str, Scans]:
    query = text("SELECT relname, seq_scan, idx_scan FROM pg_stat_xact_user_tables")
    return {name: Scans(*counts) for name, *counts in session.execute(query) if name in BIG}


def reply_in_chat(session: Session) -> int:
    return session.scalars(text("SELECT id FROM messages WHERE chat_id = 1 AND seq = 7")).one()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_function_reads_a_table_from_end_to_end(big: Engine, name: str) -> None:
    call, outcomes = FUNCTIONS[name]
    check_scans(big, name, lambda session: call(session) in outcomes)


READING = statements_of_reading(newest=40_000)


@pytest.mark.parametrize("name", READING)
def test_no_busy_read_reads_a_table_from_end_to_end(big: Engine, name: str) -> None:
    check_scans(big, name, lambda session: bool(fetch(session.connection(), *READING[name])))


def check_scans(engine: Engine, title: str, call: Callable[[Session], bool]) -> None:
    """PostgreSQL counts for us, since EXPLAIN does not look into functions; often, so that it plans once for all."""
    with Session(engine) as session:
        before = scans_so_far(session)
        assert all(call(session) for _ in range(10))
        after = scans_so_far(session)
        session.rollback()
    scans = {t: Scans(*map(sub, after[t], before[t])) for t in BIG if after[t] != before[t]}
    sys.stdout.write(f"\n== {title}, scans: {scans}\n")
    assert {table: found for table, found in scans.items() if found.whole} == {}
    assert scans
