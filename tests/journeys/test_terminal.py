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

from client.api import Api
from client.memory import Session
from launcher.paths import PROJECT
from tests.journeys.conftest import System
from tests.journeys.people import PASSWORD, Guest, Person

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

    def shows(self, words: str, seconds: float = 60) -> str:
        end = time.monotonic() + seconds
        while True:
            try:
                line = self.lines.get(timeout=max(0.01, end - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"{words!r} was not shown; the screen: {self.seen}") from None
            self.seen.append(line)
            if words in line:
                return line

    def shows_once(self, words: str, until: str) -> None:
        """From the start on, until a line has these words."""
        self.shows(until)
        assert sum(words in line for line in self.seen) == 1, self.seen

    def leave(self) -> int:
        self.says("/quit")
        return self.process.wait(60)


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


def test_a_newcomer_comes_to_a_first_message_by_what_the_screen_says(terminal: Terminal) -> None:
    ann = terminal("ann", "--email", _email("ann"), "--sign-up", "Ann")
    for words, line in {
        "You are in no workspace yet: /workspace NAME makes one": "/workspace First",
        "First is yours. /new NAME makes a channel": "/new general",
        "type a message, Enter sends it": "hello all",
    }.items():
        ann.shows(words)
        ann.says(line)
    ann.shows("Ann: hello all")


def test_a_wrong_password_is_said_and_ends_it(system: System, terminal: Terminal) -> None:
    chat = terminal("eve", "--email", _email("eve"))
    chat.shows("--sign-up NAME makes an account")
    assert chat.process.wait(60) == 1


def test_a_refusal_is_shown_and_the_talk_goes_on(terminal: Terminal) -> None:
    ann = terminal("ann", "--email", _email("ann"), "--sign-up", "Ann", "--workspace", "Refusals")
    ann.shows("(live)")
    for line, answer in {
        "/nonsense": "There is no /nonsense",
        "nobody hears this": "Not sent: nobody hears this",
        "/open nowhere": "No chat of yours is called",
        "/dm Nobody": "Nobody here is called",
        "/join http://localhost/invite/xyz": "That invitation is not good here",
        "/new " + "x" * 100: "name",
        "/help": "/quit",
    }.items():
        ann.says(line)
        ann.shows(answer)


def _ann_in_general(terminal: Terminal, guest: Guest) -> tuple[Chat, str, Person, int]:
    """Ann at her terminal and her e-mail, Bob who calls the API, and the channel of both."""
    email = _email("ann")
    ann = terminal("ann", "--email", email, "--sign-up", "Ann", "--workspace", "Once")
    ann.shows("(live)")
    ann.says("/new general")
    ann.says("/invite")
    token = ann.shows("/join").strip().rpartition("/")[2]
    bob = guest.sign_up("Bob")
    workspace = bob.post(f"/invites/{token}/accept")
    channel = bob.get(f"/workspaces/{workspace['id']}/channels")["items"][0]["id"]
    bob.post(f"/chats/{channel}/join")
    return ann, email, bob, channel


def test_what_was_said_meanwhile_stands_on_the_screen_once(terminal: Terminal, guest: Guest) -> None:
    ann, _, bob, channel = _ann_in_general(terminal, guest)
    assert ann.leave() == 0
    again = terminal("ann", "--open", "general")
    again.shows("(live)")
    assert again.leave() == 0
    bob.say(channel, "said meanwhile")
    third = terminal("ann", "--open", "general")
    third.shows("general  (1 new)")
    third.shows("(live)")
    bob.say(channel, "said now")
    third.shows_once("said meanwhile", until="said now")


def test_what_others_edit_and_delete_is_shown(terminal: Terminal, guest: Guest) -> None:
    ann, _, bob, channel = _ann_in_general(terminal, guest)
    first = bob.say(channel, "helo")
    bob.say(channel, "greetings", reply_to=first["id"])
    ann.shows("Bob (to Bob, ")
    bob.patch(f"/messages/{first['id']}", {"content": "hello"})
    assert ": hello" in ann.shows("~ Bob edited the message of ")
    bob.delete(f"/messages/{first['id']}")
    ann.shows("~ Bob deleted the message of ")


def test_two_terminals_of_one_account_renew_without_ending_each_other(
    system: System, guest: Guest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FECHATTER_CHAT_STATE", str(tmp_path / "both.json"))
    email = guest.sign_up("Ann").email
    one, two = Api(system.url), Api(system.url)
    one.sign_in(email, PASSWORD)
    two.resume(Session(system.url, email))
    for _ in range(2):
        for terminal in (two, one):
            terminal.access += "spoilt"  # as after 15 minutes
            assert terminal.call("GET", "/api/users/me")["email"] == email


def test_signing_out_is_said_here_and_in_the_other_terminal(terminal: Terminal, guest: Guest) -> None:
    ann, email, _, _ = _ann_in_general(terminal, guest)
    out = terminal("ann", "--sign-out")
    out.shows(f"{email} is signed out.")
    assert out.process.wait(60) == 0
    ann.shows("This session has ended: it was signed out.")
    assert ann.process.wait(60) == 1
    nobody = terminal("ann", "--sign-out")
    nobody.shows("nothing to sign out of")
    assert nobody.process.wait(60) == 1


def test_two_people_of_one_machine_are_told_apart_by_email(terminal: Terminal, guest: Guest) -> None:
    emails = [guest.sign_up(name).email for name in ("Ann", "Bob")]
    for email in emails:
        chat = terminal("both", "--email", email)
        chat.shows("(live)")
        assert chat.leave() == 0
    unclear = terminal("both")
    for email in sorted(emails):
        unclear.shows(f"--email {email}")
    assert unclear.process.wait(60) == 1
    terminal("both", "--email", emails[0].upper()).shows("Hello, Ann")


def test_a_server_that_is_not_web_is_told_before_a_password_is_asked_for(system: System, terminal: Terminal) -> None:
    chat = terminal("eve", "--server", system.notify_url, "--email", _email("eve"))
    chat.shows("is not the web of a Fechatter")
    assert chat.process.wait(60) == 1
