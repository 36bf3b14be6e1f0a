"""Redis, the workers and PostgreSQL go away in turn, and together: what is promised then, and that all comes back."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.by_the_clock import TooLate, in_time
from tests.family import stopped
from tests.journeys.conftest import System
from tests.journeys.people import Person
from tests.stream_client import StreamClient

SignUp = Callable[..., Person]


class Talk:
    """Two people in a chat, and one's stream."""

    def __init__(self, sign_up: SignUp) -> None:
        self.ann, self.bob = sign_up("Ann", workspace="Outage"), sign_up("Bob")
        workspace = self.ann.workspace()["id"]
        self.ann.bring_in(workspace, self.bob)
        self.chat = self.ann.make_chat(workspace, "group", None, self.bob)["id"]
        self.stream: StreamClient = self.bob.listen()
        self.said = 0
        self.say("warm")

    def say(self, words: str) -> tuple[float, float]:
        """Seconds until the 201, and from there until the event."""
        began = time.monotonic()
        self.ann.say(self.chat, words)
        self.said += 1
        answered = time.monotonic()
        self.stream.expect_message(words)
        return answered - began, time.monotonic() - answered

    def holds_its_promises(self, words: str, times: int = 5) -> None:
        for number in range(times):
            answered, delivered = self.say(f"{words} {number}")
            if answered >= 1 or delivered >= 2:
                raise TooLate(f"the 201 took {answered:.2f} s, the event {delivered:.2f} s")


@pytest.fixture
def talk(sign_up: SignUp) -> Talk:
    return Talk(sign_up)


def test_with_redis_stopped_nothing_waits_for_it(talk: Talk, system: System) -> None:
    with stopped(system.pid("redis-server")):
        talk.holds_its_promises("redis stopped")
        assert talk.bob.get("/chats")["items"][0]["last_seq"] == 6, "the list reads the database"
        assert talk.bob.listen().types()[0] == "ready", "a stream opens without Redis"


def test_with_the_workers_stopped_streams_still_deliver(talk: Talk, system: System) -> None:
    with stopped(system.pid("-m worker ")):
        talk.holds_its_promises("worker stopped")


def test_with_redis_and_the_workers_stopped_streams_still_deliver(talk: Talk, system: System) -> None:
    with stopped(system.pid("redis-server"), system.pid("-m worker ")):
        talk.holds_its_promises("both stopped")


def test_with_redis_killed_again_and_again_all_recovers_by_itself(talk: Talk, system: System) -> None:
    for number in range(3):
        os.kill(system.pid("redis-server"), signal.SIGKILL)
        talk.holds_its_promises(f"killed {number}", times=1)
    # Until events take the quick road again.
    _until(lambda: sorted(talk.say(f"back {talk.said}")[1] for _ in range(11))[5] < 0.25)
    assert [m["seq"] for m in talk.stream.messages(talk.chat)] == list(range(1, talk.said + 1))


def test_with_postgresql_stopped_the_answer_is_a_503_in_time(talk: Talk, system: System) -> None:
    with stopped(system.pid("postgres")):
        for path in ("/api/chats", f"/api/chats/{talk.chat}/messages"):
            began = time.monotonic()
            answer = talk.ann.http.get(path)
            assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
            assert int(answer.headers["Retry-After"]) >= 1
            in_time(began, 5)
        began = time.monotonic()
        body = {"content": "into the void", "client_id": "void"}
        assert talk.ann.http.post(f"/api/chats/{talk.chat}/messages", json=body).status_code == 503
        in_time(began, 5)
        assert httpx.get(f"{system.url}/readyz", timeout=30).status_code == 503
        assert httpx.get(f"{system.url}/healthz", timeout=30).status_code == 200
    _until(lambda: talk.ann.http.post(f"/api/chats/{talk.chat}/messages", json=body).status_code in (200, 201))
    talk.stream.expect_message("into the void", seconds=60)
    talk.say("and on")
    seqs = [m["seq"] for m in talk.stream.messages(talk.chat)]
    assert seqs == list(range(1, len(seqs) + 1))
    assert [m["content"] for m in talk.bob.history(talk.chat)].count("into the void") == 1


def test_after_postgresql_was_killed_streams_go_on_without_a_new_connection(talk: Talk, system: System) -> None:
    postgres = Path("/proc", str(system.pid("postgres")))
    os.kill(int(postgres.name), signal.SIGQUIT)  # an immediate shutdown: all connections break, it recovers
    _until(lambda: not postgres.exists())
    _until(lambda: talk.ann.http.get("/api/chats").status_code == 200)
    talk.ann.say(talk.chat, "after the crash")
    answered = time.monotonic()
    talk.stream.expect_message("after the crash")
    in_time(answered, 5)
    assert not talk.stream.ended.is_set()


def test_a_killed_door_comes_back_and_its_streams_go_on_where_they_were(talk: Talk, system: System) -> None:
    cursor = talk.stream.last_id
    os.kill(system.pid("notify.wsgi"), signal.SIGKILL)
    assert talk.stream.ended.wait(60)
    missed = talk.ann.say(talk.chat, "while notify was away")
    _until(lambda: httpx.get(f"{system.notify_url}/readyz", timeout=30).status_code == 200)
    resumed = talk.bob.listen(cursor)
    assert resumed.expect_message("while notify was away").data["message"] == missed
    assert len(resumed.messages()) == 1


def _until(holds: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if holds():
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise AssertionError("it did not come back")
