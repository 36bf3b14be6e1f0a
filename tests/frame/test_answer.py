"""A JSON answer is sent as it is, and to the last byte as Flask's own would be."""

from typing import Any

import pytest
from flask import Flask, Response

from frame.answer import JsonAnswer

BODY, DATA = {"id": 7, "name": "Ünï"}, '{"id":7,"name":"Ünï"}'.encode()


@pytest.fixture
def door() -> Flask:
    door = Flask("door")
    door.add_url_rule("/ours", "ours", lambda: JsonAnswer(BODY, 201, headers={"X-Told": "a"}))
    door.add_url_rule("/theirs", "theirs", lambda: Response(DATA, 201, {"X-Told": "a"}, mimetype="application/json"))
    return door


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_it_is_as_flasks_own(door: Flask, method: str) -> None:
    ours, theirs = (door.test_client().open(path, method=method) for path in ("/ours", "/theirs"))
    assert (ours.status, ours.data) == (theirs.status, theirs.data)
    assert sorted(ours.headers) == sorted(theirs.headers)
    assert ours.data == (DATA if method == "GET" else b"")


def test_what_is_to_be_done_when_it_is_sent_is_done(door: Flask) -> None:
    done, started = list[str](), list[Any]()
    answer = JsonAnswer(BODY, 200)
    answer.call_on_close(lambda: done.append("sent"))
    sent: Any = answer({"REQUEST_METHOD": "GET"}, lambda *told: started.append(told))
    assert b"".join(sent) == DATA
    assert done == []
    sent.close()
    assert done == ["sent"]
    assert started[0][0] == "200 OK"


def test_a_media_type_of_its_own() -> None:
    assert JsonAnswer(BODY, 404, "application/problem+json").content_type == "application/problem+json"
