"""Two people talk through bin/chat, as somebody would in two terminals (here: pipes)."""

import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from launcher.paths import PROJECT
from tests.journeys.conftest import System
from tests.journeys.people import PASSWORD

Terminal = Callable[..., "Chat"]


class Chat:
    """One bin/chat; `says` types a line, `shows` waits until its screen has a line with these words."""

    def __init__(self, system: System, state: Path, *arguments: str) -> None:
        environ = os.environ | {"FECHATTER_PASSWORD": PASSWORD, "FECHATTER_CHAT_STATE": str(state)}
        command = [sys.executable, str(PROJECT / "bin" / "chat"), "--server", system.url, *arguments]
        self.process = subprocess.Popen(
            command, env=environ, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        self.lines: queue.Queue[str] = queue.Queue()
        self.seen: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.put(line)

    def says(self, line: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def shows(self, words: str, seconds: float = 10) -> str:
        end = time.monotonic() + seconds
        while True:
            try:
                line = self.lines.get(timeout=max(0.01, end - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"{words!r} was not shown; the screen: {self.seen}") from None
            self.seen.append(line)
            if words in line:
                return line

    def leave(self) -> int:
        self.says("/quit")
        return self.process.wait(10)


@pytest.fixture
def terminal(system: System, tmp_path: Path) -> Iterator[Terminal]:
    open_chats: list[Chat] = []

    def start(name: str, *arguments: str) -> Chat:
        chat = Chat(system, tmp_path / f"{name}.json", *arguments)
        open_chats.append(chat)
        return chat

    yield start
    for chat in open_chats:
        if chat.process.poll() is None:
            chat.process.kill()
        chat.process.wait()


def _email(name: str) -> str:
    return f"{name}.{uuid4().hex[:10]}@example.org"


def test_two_people_chat_and_one_comes_back_without_a_password(terminal: Terminal) -> None:
    ann = terminal("ann", "--email", _email("ann"), "--sign-up", "Ann", "--workspace", "Two")
    ann.shows("Hello, Ann")
    ann.shows("(live)")
    ann.says("/new general")
    ann.shows("--- #general ---")
    ann.says("/invite")
    link = ann.shows("/join").split("/join ")[1].strip()

    bobs_email = _email("bob")
    bob = terminal("bob", "--email", bobs_email, "--sign-up", "Bob")
    bob.shows("(live)")
    bob.says(f"/join {link}")
    bob.shows("Welcome to Two")
    bob.says("/join #general")
    bob.shows("--- #general ---")
    bob.says("hello Ann")
    assert "Bob: hello Ann" in ann.shows("hello Ann")
    ann.says("hello Bob \U0001f44b")
    assert "Ann: hello Bob \U0001f44b" in bob.shows("hello Bob")
    assert bob.leave() == 0
    ann.says("are you there?")
    ann.shows("are you there?")

    again = terminal("bob")
    again.shows("Hello, Bob")
    again.shows("(1 new)")
    again.says("/open general")
    assert "Ann: are you there?" in again.shows("are you there?")


def test_a_wrong_password_is_said_and_ends_it(system: System, terminal: Terminal) -> None:
    chat = terminal("eve", "--email", _email("eve"))
    chat.shows("--sign-up NAME makes an account")
    assert chat.process.wait(10) == 1


def test_a_refusal_is_shown_and_the_talk_goes_on(terminal: Terminal) -> None:
    ann = terminal("ann", "--email", _email("ann"), "--sign-up", "Ann", "--workspace", "Refusals")
    ann.shows("(live)")
    for line, answer in {
        "/nonsense": "There is no /nonsense",
        "nobody hears this": "No chat is open",
        "/open nowhere": "No chat of yours is called",
        "/dm Nobody": "Nobody here is called",
        "/join http://localhost/invite/xyz": "There is nothing here",
        "/new " + "x" * 100: "name",
        "/help": "/quit",
    }.items():
        ann.says(line)
        ann.shows(answer)
