"""Who may do what: every call of `matrix/table.txt` by every kind of person, over HTTP."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from fechatter.config import Config
from tests.app.mails import MAIL, an_app
from tests.app.matrix.page import PAGE, page
from tests.app.matrix.table import FILE, Row, columns, rows, shape
from tests.app.matrix.world import World
from tests.app.test_openapi import operations

HARMLESS = re.compile(
    r"messages \{|/read |/typing|/tickets|/signup|/signin|/invites \{|\"(topic|content)\""
    r"|/reports \{|/verification|/forgot|/auth/tokens \{"
)
"""Calls that change nothing of what anybody may do."""


@pytest.fixture(scope="module")
def app(app: Flask, config: Config) -> Iterator[Flask]:
    """One that can have mails sent."""
    with an_app(config, mail=MAIL) as with_mail:
        yield with_mail


@pytest.fixture(scope="module")
def standing(app: Flask, engine: Engine) -> World:
    """For all that changes nothing."""
    return World(app, engine)


def asked(row: Row) -> dict[str, int]:
    """Whom there is to ask about, and the answer that is wanted."""
    return {who: answer for who, answer in row.answers.items() if answer is not None}


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.call)
def test_the_table_is_what_the_api_does(app: Flask, engine: Engine, standing: World, row: Row) -> None:
    """A refusal changes nothing, so that only what succeeds needs a world of its own."""
    got = {}
    for who, wanted in asked(row).items():
        changes = wanted < 300 and row.method != "GET" and not HARMLESS.search(row.call)
        world = World(app, engine) if changes else standing
        got[who] = world.ask(row, who).status_code
    assert got == asked(row)


def test_every_call_of_the_api_is_in_the_table(app: Flask) -> None:
    described = app.test_client().get("/openapi.json").json
    calls = {shape(method, path): f"{method.upper()} {path}" for path, method, _ in operations(described)}
    shown = {row.operation for row in rows()}
    lacking = [
        f"add a row with {len(columns())} answers to {FILE.name} for {calls[one]}" for one in calls.keys() - shown
    ]
    assert not lacking, "\n".join(lacking)
    assert shown - calls.keys() == set(), "these are calls no more"


def test_no_call_is_in_the_table_twice() -> None:
    calls = [row.call for row in rows()]
    assert sorted(calls) == sorted(set(calls))


def test_the_page_shows_the_table() -> None:
    assert PAGE.read_text() == page(), "python -m tests.app.matrix.page writes it anew"


@pytest.mark.parametrize("row", [row for row in rows() if row.method == "GET"], ids=lambda row: row.call)
def test_head_tells_no_more_than_get(standing: World, row: Row) -> None:
    for who, wanted in asked(row).items():
        if who in ("nobody", "stranger", "guest", "member"):
            answer = standing.call("HEAD", standing.path(row, who), "", who)
            assert (answer.status_code, answer.data) == (wanted, b""), who


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_no_header_makes_another_method_of_one(standing: World, header: str) -> None:
    [row] = [row for row in rows() if row.call == "GET /api/chats/{group}"]
    path = standing.path(row, "owner")
    assert standing.call("GET", path, "", "owner", {header: "DELETE"}).status_code == 200
    assert standing.call("GET", f"{path}?_method=DELETE", "", "owner").status_code == 200
    assert standing.call("GET", path, "", "owner").status_code == 200


@pytest.mark.parametrize("path", ["/api/chats/{group}", "/api/chats/{other chat}", f"/api/chats/{2**62}"])
def test_options_tells_nothing_of_what_is_there(standing: World, path: str) -> None:
    row = Row("", f"OPTIONS {path}", dict[str, Any]())
    answers = [standing.ask(row, who, {"X-Request-ID": "same"}) for who in ("nobody", "owner", "stranger")]
    assert {answer.data for answer in answers} == {answers[0].data}
    assert {answer.status_code for answer in answers} == {200}
