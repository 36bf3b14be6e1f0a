"""Answers that nobody takes are few: those of one account, in one process."""

from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.create import create_app
from fechatter.config import Config
from tests.app.people import Person
from tests.app.signing import assert_problem


@pytest.fixture
def counting(config: Config, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setattr("app.in_flight.MOST", 3)
    return create_app(replace(config, rate_limits=True))


def unread(person: Person, times: int, path: str = "/api/users/me") -> list[TestResponse]:
    return [person.get(path, buffered=False) for _ in range(times)]


def test_who_leaves_answers_unread_gets_no_more_until_they_are_taken(counting: Flask, ann: Person, ben: Person) -> None:
    ann, ben = ann.through(counting), ben.through(counting)
    waiting = unread(ann, 3)
    refused = unread(ann, 1)[0]
    assert_problem(refused, 429, "too_many_requests")
    assert refused.headers["Retry-After"] == "1"
    assert [answer.status_code for answer in unread(ben, 1)] == [200]
    waiting[0].close()
    assert [answer.status_code for answer in unread(ann, 2)] == [200, 429]


@pytest.mark.parametrize("path", ["/api/users/1", "/api/chats?nonsense=1", "/api/users/me"])
def test_answers_that_were_sent_count_no_more_however_they_ended(counting: Flask, ann: Person, path: str) -> None:
    ann = ann.through(counting)
    statuses = set()
    for _ in range(5):
        with ann.get(path) as answer:
            statuses.add(answer.status_code)
    assert len(statuses) == 1
    assert statuses <= {200, 404, 422}
    assert counting.extensions["in_flight"]._of == {}


def test_a_request_that_has_no_answer_at_all_leaves_too(counting: Flask, ann: Person) -> None:
    ann = ann.through(counting)

    @counting.after_request
    def fail(response: object) -> None:
        raise SystemError

    with ann.get("/api/users/me") as answer:
        assert answer.status_code == 500
    assert counting.extensions["in_flight"]._of == {}


def test_posting_does_not_wait_for_what_one_has_not_read(counting: Flask, ann: Person) -> None:
    ann = ann.through(counting)
    unread(ann, 3)
    assert ann.post("/api/workspaces", {"name": "W"}).status_code == 201
