"""What the documents show is run as it stands there: the README's walk, the API guide's calls, the stream's client."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.exact import accepts
from tests.journeys.conftest import System
from tests.journeys.people import PASSWORD, Person
from tests.test_docs import FENCE, fenced, text

SignUp = Callable[..., Person]

MARK = "--- end of a block ---"


def bash(script: str, system: System) -> "subprocess.Popen[str]":
    """Runs what somebody would paste; an error of any command ends it."""
    script = f"set -eu -o pipefail\n{script}".replace("http://localhost:8000", system.url)
    return subprocess.Popen(
        ["bash", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )


def form(thing: Any) -> Any:
    """Fields and their types, without what differs from run to run."""
    if isinstance(thing, dict):
        return {name: form(value) for name, value in thing.items()}
    return [form(value) for value in thing] if isinstance(thing, list) else type(thing).__name__


def test_the_walk_of_the_readme_ends_with_the_message_on_the_stream(system: System) -> None:
    walk = bash(next(block for block in fenced("README.md", "sh") if "signup" in block), system)
    overdue = threading.Timer(120, walk.kill)
    overdue.start()
    assert walk.stdout
    lines = []
    for line in walk.stdout:
        lines.append(line)
        if lines[-2:-1] == ["event: message.created\n"]:
            break
    overdue.cancel()
    with suppress(ProcessLookupError):
        os.killpg(walk.pid, signal.SIGKILL)
    walk.wait()
    assert lines[-1].startswith("data: "), lines
    assert json.loads(lines[-1].removeprefix("data: "))["message"]["content"] == "Hello"


def test_the_calls_of_the_api_guide_answer_as_it_shows(system: System) -> None:
    blocks = [(language, body) for language, body in FENCE.findall(text("docs/api.md")) if language in ("sh", "json")]
    script = "".join(f"{body}printf '\\n{MARK}\\n'\n" for language, body in blocks if language == "sh")
    run = bash(script, system)
    said, _ = run.communicate(timeout=120)
    assert run.returncode == 0, said
    answers = iter(said.split(f"\n{MARK}\n"))
    answer, compared = "", 0
    for language, body in blocks:
        if language == "sh":
            answer = next(answers)
        else:
            assert form(json.loads(answer)) == form(json.loads(body)), body
            compared += 1
    assert compared >= 10


def test_the_events_of_the_guide_have_the_fields_of_real_ones(sign_up: SignUp) -> None:
    shown = {}
    for block in fenced("docs/events.md", "json"):
        shown |= {event["type"]: form(event) for event in map(json.loads, block.splitlines())}
    seen = {event.type: form(event.data) for event in everything(sign_up)}
    assert {type_: seen.get(type_) for type_ in shown} == shown


def test_the_events_of_a_real_stream_are_as_described(sign_up: SignUp, system: System) -> None:
    description = httpx.get(f"{system.url}/openapi.json").json()
    event = accepts(description, "StreamEvent")
    for sent in everything(sign_up):
        event.validate(sent.data)


def test_the_client_of_the_event_guide_is_as_short_as_it_says() -> None:
    (program,) = [block for block in fenced("docs/events.md", "python") if "def follow" in block]
    assert "## A client in under fifty lines" in text("docs/events.md")
    assert len(program.splitlines()) < 50


def everything(sign_up: SignUp) -> list[Any]:
    """What two streams get while three people do whatever makes an event."""
    ann, bob, cy = sign_up("Ann", workspace="Acme"), sign_up("Bob"), sign_up("Cy")
    workspace = ann.workspace()["id"]
    anns, bobs = ann.listen(), bob.listen()
    ann.bring_in(workspace, bob)
    bobs.expect("workspace.member_added")
    anns.expect("presence")
    ann.bring_in(workspace, cy)
    chat = ann.make_chat(workspace, "public_channel", "general", bob)["id"]
    ann.patch(f"/chats/{chat}", {"topic": "Everything else"})
    message = ann.say(chat, "Helo, Bob", client_id="ann-laptop-1")
    ann.patch(f"/messages/{message['id']}", {"content": "Hello, Bob"})
    bobs.expect("message.updated")
    bob.post(f"/chats/{chat}/typing")
    bob.post(f"/chats/{chat}/read", {"seq": 1})
    anns.expect("typing")
    bobs.expect("read.updated")
    ann.delete(f"/messages/{message['id']}")
    ann.post(f"/chats/{chat}/members", {"user_ids": [cy.id]})
    ann.patch(f"/chats/{chat}/members/{cy.id}", {"role": "admin"})
    ann.delete(f"/chats/{chat}/members/{cy.id}")
    ann.patch(f"/workspaces/{workspace}/members/{cy.id}", {"role": "guest"})
    ann.delete(f"/workspaces/{workspace}/members/{cy.id}")
    ann.patch(f"/workspaces/{workspace}", {"name": "Acme Tea"})
    ann.delete(f"/chats/{chat}")
    ann.delete(f"/workspaces/{workspace}")
    for stream in (anns, bobs):
        stream.expect("workspace.deleted")
    return anns.events + bobs.events


class Follower:
    """The client of the event guide, as it is there."""

    def __init__(self, system: System, folder: Path, person: Person) -> None:
        (program,) = [block for block in fenced("docs/events.md", "python") if "def follow" in block]
        (folder / "follow.py").write_text(program)
        command = [sys.executable, str(folder / "follow.py"), system.url, person.email, PASSWORD]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.put(line)

    def shows(self, words: str, seconds: float = 60) -> list[str]:
        """All lines up to one that has these words."""
        end, lines = time.monotonic() + seconds, list[str]()
        while not lines or words not in lines[-1]:
            try:
                lines.append(self.lines.get(timeout=max(0.01, end - time.monotonic())))
            except queue.Empty:
                raise AssertionError(f"{words!r} was not shown, but: {lines}") from None
        return lines


@pytest.fixture
def follow(system: System, tmp_path: Path) -> Iterator[Callable[[Person], Follower]]:
    followers: list[Follower] = []

    def start(person: Person) -> Follower:
        followers.append(Follower(system, tmp_path, person))
        return followers[-1]

    yield start
    for follower in followers:
        follower.process.kill()
        follower.process.wait()


def test_the_client_of_the_event_guide_misses_nothing_when_notify_is_killed(
    system: System, sign_up: SignUp, follow: Callable[[Person], Follower]
) -> None:
    ann = sign_up("Ann", workspace="Follow")
    chat = ann.make_chat(ann.workspace()["id"], "public_channel", "general")["id"]
    ann.say(chat, "before")
    follower = follow(ann)
    follower.shows(f"chat {chat} general 0 unread")
    follower.shows("ready")
    for number in range(10):
        ann.say(chat, f"message {number}")
    lines = follower.shows("message 4")
    os.kill(system.pid("notify.wsgi"), signal.SIGKILL)
    ann.say(chat, "while away")
    lines += follower.shows("while away")
    created = [json.loads(line.partition(" ")[2]) for line in lines if line.startswith("message.created")]
    assert [event["message"]["seq"] for event in created] == list(range(2, 13))


def test_the_client_of_the_event_guide_ends_with_its_session(
    sign_up: SignUp, follow: Callable[[Person], Follower]
) -> None:
    ann = sign_up("Ann", workspace="End")
    follower = follow(ann)
    follower.shows("ready")
    theirs = next(session for session in ann.get("/auth/sessions")["items"] if not session["current"])
    ann.delete(f"/auth/sessions/{theirs['id']}")
    assert '"reason": "revoked"' in follower.shows("bye")[-1]
    assert follower.process.wait(60) == 0
