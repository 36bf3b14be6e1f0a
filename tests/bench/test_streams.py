"""The program that holds streams tells when an event is everywhere, and lets nothing pass that must not be."""

import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from time import monotonic

import pytest

from bench.contender import Action, Contender, event_json
from bench.send_loop import SendLoop
from bench.streams import Head, Mark, Streams
from bench.tools import COMPILERS
from bench.window import Course
from launcher.errors import LaunchError

pytestmark = [
    pytest.mark.skipif(not any(map(shutil.which, COMPILERS)), reason="there is no C compiler"),
    pytest.mark.by_the_clock,
]

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"


@pytest.fixture
def server() -> Iterator[Contender]:
    with SendLoop() as loop:
        yield loop


def send(server: Contender, *marks: Mark) -> None:
    for action in server.prepare(iter(marks), len(marks)):
        action()
    server.push()


def marks_done(streams: Streams, number: int) -> list[Mark]:
    """So many, and what comes right behind them."""
    found, until = list[Mark](), monotonic() + 30
    while len(found) < number and monotonic() < until:
        found += [one.mark for one in streams.done(0.1)]
    return [*found, *(one.mark for one in streams.done(0.2))]


def test_an_event_is_done_when_the_last_stream_of_its_chat_has_it(server: Contender) -> None:
    with Streams(server.port, server.heads(7, 2), "head") as streams:
        streams.opened()
        send(server, Mark(0, 1), Mark(1, 1), Mark(0, 2))
        done = marks_done(streams, 3)
        assert [mark for mark in done if mark.chat == 0] == [Mark(0, 1), Mark(0, 2)]
        assert [mark for mark in done if mark.chat == 1] == [Mark(1, 1)]
        assert streams.stat().live == 7


@pytest.mark.parametrize(
    ("marks", "complaint"),
    [
        ([Mark(0, 1), Mark(0, 1)], "got event 1 behind 1"),
        ([Mark(0, 2)], "got event 2 behind 0"),
        ([Mark(0, 1), Mark(0, 3), Mark(0, 2)], "got event 3 behind 1"),
    ],
    ids=["doubled", "missing", "out of order"],
)
def test_what_is_not_the_next_event_fails_the_run(server: Contender, marks: list[Mark], complaint: str) -> None:
    with Streams(server.port, server.heads(3, 1), "head") as streams:
        streams.opened()
        send(server, *marks)
        with pytest.raises(LaunchError, match=complaint):
            [streams.done(0.5) for _ in range(20)]


def test_another_chats_event_fails_the_run(server: Contender) -> None:
    with Streams(server.port, [Head(1, server.heads(1, 1)[0].request)], "head") as streams:
        streams.opened()
        send(server, Mark(0, 1))
        with pytest.raises(LaunchError, match="another chat's event"):
            [streams.done(0.5) for _ in range(20)]


def test_a_window_and_a_rate_send_all_that_they_say(server: Contender) -> None:
    with Streams(server.port, server.heads(6, 3), "head") as streams:
        streams.opened()
        course = Course(server, streams, 3)
        figures = course.in_window(4, 0.05)
        assert figures["cpu"] > 0
        assert figures["wall"] > 0
        assert course.at_rate(50, 0.2)["p99"] > 0


class Hasty(SendLoop):
    """Sends what it makes at once, as notify does with what it finds in PostgreSQL before it comes through Redis."""

    def prepare(self, marks: Iterator[Mark], most: int) -> list[Action]:
        actions = super().prepare(marks, most)
        for action in actions:
            action()
        self.push()
        return [lambda: None for _ in actions]


def test_events_that_come_before_they_are_sent_do_not_hold_the_window_up() -> None:
    with Hasty() as server, Streams(server.port, server.heads(3, 1), "head") as streams:
        streams.opened()
        assert Course(server, streams, 1).in_window(1, 0.02)["cpu"] > 0


def answering(*answers: Callable[[bytes], bytes]) -> tuple[int, list[bytes]]:
    """The port of a server that gives one of these answers to each connection and then ends it; what it was asked."""
    listener, asked = socket.create_server(("127.0.0.1", 0)), list[bytes]()

    def serve() -> None:
        with listener:
            for answer in answers:
                connection, _ = listener.accept()
                with connection:
                    asked.append(connection.recv(4096))
                    connection.sendall(answer(asked[-1]))

    threading.Thread(target=serve, daemon=True).start()
    return listener.getsockname()[1], asked


def event(number: int, end: bytes = b"\n") -> bytes:
    return b"data: %b\nid: place-%d\n%b" % (event_json(Mark(0, number)), number, end)


def test_a_stream_comes_back_behind_the_last_whole_event() -> None:
    port, asked = answering(
        lambda _: HEAD + event(1) + event(2, end=b""),  # cut before its end: it must come again
        lambda _: b"HTTP/1.1 503 Service Unavailable\r\n\r\n",
        lambda _: HEAD + event(2) + event(3),
    )
    with Streams(port, [Head(0, b"GET / HTTP/1.1\r\n")], "head", again=10) as streams:
        assert [mark.number for mark in marks_done(streams, 3)] == [1, 2, 3]
        assert streams.stat().refused == 1
    assert b"Last-Event-ID" not in asked[0]
    assert b"Last-Event-ID: place-1\r\n" in asked[1]
    assert b"Last-Event-ID: place-1\r\n" in asked[2]


def test_streams_come_back_when_each_was_told_to() -> None:
    waits = [400, 100, 300, 200, 500]

    def told(asked: bytes) -> bytes:
        return HEAD + b"retry: %d\n\n" % waits[int(asked.split()[1])]

    port, asked = answering(*[told] * 5, *[lambda _: HEAD + b"retry: 60000\n\n"] * 5)
    heads = [Head(0, b"GET %d HTTP/1.1\r\n" % number) for number in range(5)]
    with Streams(port, heads, "head", again=60_000) as streams:
        until = monotonic() + 30
        while len(asked) < 10 and monotonic() < until:
            streams.done(0.1)
    assert [waits[int(request.split()[1])] for request in asked[5:]] == sorted(waits)


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [(HEAD, "ended"), (b"HTTP/1.1 401 Unauthorized\r\n\r\n", "401"), (b"HTTP/1.1 503 Busy\r\n\r\n", "503")],
)
def test_a_stream_that_ends_or_is_refused_fails_the_run(answer: bytes, complaint: str) -> None:
    port, _ = answering(lambda _: answer)
    with (
        Streams(port, [Head(0, b"GET / HTTP/1.1\r\n")], "head") as streams,
        pytest.raises(LaunchError, match=complaint),
    ):
        [streams.done(0.5) for _ in range(20)]
