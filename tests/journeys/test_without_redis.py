"""Redis only makes it fast: with it stopped or killed nothing is lost, and nothing waits for it."""

import os
import signal
import time
from collections.abc import Callable, Iterator

import pytest

from tests.journeys.conftest import System
from tests.journeys.people import Person


@pytest.fixture
def stopped_redis(system: System) -> Iterator[None]:
    """Stopped in the middle of whatever it does: it accepts connections and never answers."""
    pid = system.pid("redis-server")
    os.kill(pid, signal.SIGSTOP)
    yield
    os.kill(pid, signal.SIGCONT)


def _talk(ann: Person, chat: int, stream, words: str) -> tuple[float, float]:  # type: ignore[no-untyped-def]
    """Seconds until the 201, and from there until the event."""
    began = time.monotonic()
    ann.say(chat, words)
    answered = time.monotonic()
    stream.expect_message(words, seconds=10)
    return answered - began, time.monotonic() - answered


def test_posting_answers_and_streams_deliver_with_redis_stopped(sign_up: Callable[..., Person], request) -> None:  # type: ignore[no-untyped-def]
    ann, bob = sign_up("Ann", workspace="Stopped"), sign_up("Bob")
    workspace = ann.workspace()["id"]
    ann.bring_in(workspace, bob)
    chat = ann.make_chat(workspace, "group", None, bob)["id"]
    stream = bob.listen()
    _talk(ann, chat, stream, "warm")
    request.getfixturevalue("stopped_redis")
    for number in range(6):
        answered, delivered = _talk(ann, chat, stream, f"stopped {number}")
        assert answered < 1
        assert delivered < 2
    assert bob.get("/chats")["items"][0]["last_seq"] == 7, "the list reads the database"
    assert len(bob.listen().events) >= 1, "a stream opens without Redis"


def test_all_recovers_by_itself_when_redis_is_killed(sign_up: Callable[..., Person], system: System) -> None:
    ann, bob = sign_up("Ann", workspace="Killed"), sign_up("Bob")
    workspace = ann.workspace()["id"]
    ann.bring_in(workspace, bob)
    chat = ann.make_chat(workspace, "group", None, bob)["id"]
    stream = bob.listen()
    for number in range(3):
        os.kill(system.pid("redis-server"), signal.SIGKILL)
        answered, delivered = _talk(ann, chat, stream, f"killed {number}")
        assert answered < 1
        assert delivered < 2
    time.sleep(3)
    quick = [_talk(ann, chat, stream, f"back {number}")[1] for number in range(10)]
    assert sorted(quick)[5] < 0.2, f"events still take the slow road: {quick}"
    assert [m["seq"] for m in stream.messages(chat)] == list(range(1, 14))
