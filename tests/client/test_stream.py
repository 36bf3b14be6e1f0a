"""Server-Sent Events from their lines, and what ends following them."""

import httpx
import pytest

from client.api import SessionOver
from client.stream import Stream, read_events
from tests.client.conftest import Terminal
from tests.client.service import Service, problem


def test_events_are_read_from_lines_whatever_their_order() -> None:
    lines = ["retry: 1000", "event: a", 'data: {"x":', "data: 1}", "id: 1", "", ":", "id: 2", "", 'data: {"y":2}', ""]
    events = list(read_events(iter(lines)))
    assert [(e.type, e.data, e.id) for e in events] == [
        ("a", {"x": 1}, "1"),
        ("message", None, "2"),
        ("message", {"y": 2}, None),
    ]


def test_an_event_cut_in_the_middle_is_not_seen() -> None:
    assert list(read_events(iter(["event: a", 'data: {"x":1}', "id: 7"]))) == []


def following(terminal: Terminal, *answers: httpx.Response) -> Stream:
    left = list(answers)
    stream = Stream(terminal.api, "http://notify.example", "c", terminal.live.tell)
    stream.http = httpx.Client(transport=httpx.MockTransport(lambda request: left.pop(0)))
    return stream


def test_the_end_of_a_session_ends_following_with_its_reason(terminal: Terminal) -> None:
    bye = httpx.Response(200, text='event: bye\ndata: {"reason": "signed_out"}\n\n')
    with pytest.raises(SessionOver, match="it was signed out"):
        list(following(terminal, bye))


def test_a_web_in_trouble_does_not_end_following(terminal: Terminal, service: Service) -> None:
    refresh = service.answers["POST /api/auth/refresh"]
    answers = [problem(503, "unavailable")] * 6
    service.answers["POST /api/auth/refresh"] = lambda body: answers.pop() if answers else refresh(body)
    expired = httpx.Response(401)
    ready = httpx.Response(200, text='event: ready\ndata: {"cursor": "c"}\n\n')
    assert next(iter(following(terminal, expired, expired, ready))).type == "ready"
    assert terminal.screen.lines == ["(the stream is away; coming back)", "(live)"]
