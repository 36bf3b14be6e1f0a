"""What one may not know of is answered like what is not there, alike in every byte but ids and by the same road: for
each 404 of `matrix/table.txt`."""

import re
from typing import NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from tests.app.matrix.table import Row, answer_to, columns, rows
from tests.app.matrix.world import UNKNOWN, World
from tests.app.people import a_person
from tests.app.signing import sign_up
from tests.statements import statements_of

SHOWN_BY = {
    **dict.fromkeys(("workspace", "other workspace", "deleted workspace"), "GET /api/workspaces/{%s}"),
    **dict.fromkeys(("single", "group", "private channel", "public channel"), "GET /api/chats/{%s}"),
    **dict.fromkeys(("other chat", "deleted chat"), "GET /api/chats/{%s}"),
}
"""The call whose answer tells whether somebody may know of a thing that others are in."""

HIDDEN = [row for row in rows() if 404 in row.answers.values()]
WORDS = re.compile("token |password|own code|.*email|.* of a browser")
"""What is no id of anything."""


class Case(NamedTuple):
    """A call that is answered 404 because this person may not know of the thing of this name."""

    row: Row
    who: str
    name: str


def cases(row: Row) -> list[Case]:
    found = []
    for who in (who for who in columns() if row.answers[who] == 404):
        ids = [name for name in row.names if not WORDS.match(name)]
        inside = [name for name in ids[:1] if name in SHOWN_BY and answer_to(SHOWN_BY[name] % name, who) == 404]
        # Where the first is hidden the others do not matter; else it is one of the others.
        found += [Case(row, who, name) for name in inside or ids[-1:]]
    return found


@pytest.fixture(scope="module")
def world(app: Flask, engine: Engine) -> World:
    return World(app, engine)


def ask(world: World, case: Case, **instead: int) -> TestResponse:
    return world.ask(case.row, case.who, {"X-Request-ID": "same"}, **instead)


def unknown(case: Case) -> dict[str, int]:
    return {case.name.replace(" ", "_"): UNKNOWN}


def all_of(answer: TestResponse) -> tuple[str, bytes, list[tuple[str, str]]]:
    return answer.status, answer.data, sorted((name, value) for name, value in answer.headers if name != "Date")


@pytest.mark.parametrize("row", HIDDEN, ids=lambda row: row.call)
def test_hidden_is_answered_like_missing_and_by_the_same_road(app: Flask, world: World, row: Row) -> None:
    """The same statements, so that the time they take does not tell the one from the other."""
    for case in cases(row):
        answers, roads = [], []
        for instead in ({}, unknown(case)):
            with statements_of(app.extensions["fechatter"].engine) as sent:
                answers.append(ask(world, case, **instead))
            roads.append([statement for statement, _ in sent])
        assert answers[0].status_code == 404, case.who
        assert all_of(answers[0]) == all_of(answers[1]), case.who
        assert roads[0] == roads[1] != [], case.who


def test_there_is_a_call_for_all_that_can_be_hidden() -> None:
    names = {case.name for row in HIDDEN for case in cases(row)}
    assert {"workspace", "other workspace", "deleted workspace", "group", "private channel", "single"} <= names
    assert {"deleted chat", "other chat", "message of group", "author", "stranger", "invite", "other invite"} <= names
    assert {"put out", "report", "other report", "personal token of author", "own session"} <= names


@pytest.mark.parametrize("row", [row for row in HIDDEN if "{token of " in row.call], ids=lambda row: row.call)
def test_a_token_that_opens_nothing_is_answered_like_one_that_nobody_has_made(world: World, row: Row) -> None:
    [name] = [name for name in row.names if name.startswith("token ")]
    for who in (who for who, answer in row.answers.items() if answer == 404):
        there = world.ask(row, who, {"X-Request-ID": "same"})
        missing = world.ask(row, who, {"X-Request-ID": "same"}, **{name.replace(" ", "_"): "x" * 43})
        assert all_of(there) == all_of(missing), who


def test_a_suspended_persons_invitation_takes_the_road_of_one_that_is_over(app: Flask, engine: Engine) -> None:
    owner, out, other = (a_person(app, engine) for _ in range(3))
    workspace = owner.post("/api/workspaces", {"name": "Acme"}).json["id"]
    invites = f"/api/workspaces/{workspace}/invites"
    token = owner.post(invites).json["token"]
    out.post(f"/api/invites/{token}/accept")
    assert owner.post(f"/api/workspaces/{workspace}/suspensions", {"user_id": out.id}).status_code == 201
    over = owner.post(invites).json
    owner.delete(f"{invites}/{over['id']}")
    roads = []
    for person, word in ((out, token), (other, over["token"])):
        with statements_of(app.extensions["fechatter"].engine) as sent:
            assert person.post(f"/api/invites/{word}/accept").status_code == 404
        roads.append([statement for statement, _ in sent])
    assert roads[0] == roads[1] != []


@pytest.mark.parametrize("number", ["0", "01", "9223372036854775808", "99999999999999999999999"])
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_a_number_that_cannot_be_an_id_is_missing_whatever_the_method(
    client: FlaskClient, method: str, number: str
) -> None:
    bearer = {"Authorization": f"Bearer {sign_up(client).access_token}"}
    body = {"topic": "x"} if method == "PATCH" else None
    answer = client.open(f"/api/chats/{number}", method=method, headers=bearer, json=body)
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")
