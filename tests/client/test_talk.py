"""What becomes of a typed line, and above all of one that cannot be sent."""

import httpx
import pytest

from tests.client.conftest import Terminal
from tests.client.service import Service, problem

POST = "POST /api/chats/7/messages"


@pytest.fixture(autouse=True)
def _in_general(terminal: Terminal) -> None:
    terminal.chats.open = 7


def said(service: Service) -> list[str]:
    return [body["content"] for what, body in service.asked if what == POST]


def test_two_slashes_say_a_line_that_begins_with_one(terminal: Terminal, service: Service) -> None:
    service.answers[POST] = {}
    terminal.talk.take("//etc is a folder")
    assert said(service) == ["/etc is a folder"]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (httpx.ConnectError("refused"), "the server is away"),
        (problem(503, "unavailable", "Try again."), "Try again"),
        (problem(422, "invalid", "Too long."), "Too long"),
        (problem(404, "not_found"), "you are not in this chat any more"),
    ],
)
def test_what_could_not_be_sent_is_shown_with_the_reason_and_typed_already(
    terminal: Terminal, service: Service, answer: object, why: str
) -> None:
    service.answers[POST] = answer
    terminal.screen.typed = ["hello"]
    assert terminal.talk.run() == 0
    assert terminal.screen.has(f"Not sent ({why}")
    assert terminal.screen.lines[-1].endswith("): hello")
    assert terminal.screen.drafts == ["", "hello"]


def test_the_same_line_said_again_is_the_same_message(terminal: Terminal, service: Service) -> None:
    service.answers[POST] = httpx.ReadTimeout("the answer was lost")
    terminal.talk.take("hello")
    service.answers[POST] = {}
    terminal.talk.take("hello")
    terminal.talk.take("hello")
    ids = [body["client_id"] for what, body in service.asked if what == POST]
    assert len(set(ids[:-1])) == 1
    assert ids[-1] != ids[0]


def test_a_session_that_has_ended_says_so_and_what_was_not_sent(terminal: Terminal, service: Service) -> None:
    service.over = True
    terminal.screen.typed = ["hello", "never read"]
    assert terminal.talk.run() == 1
    assert terminal.screen.has("Not sent: hello")
    assert terminal.screen.has("This session has ended")
    assert terminal.screen.typed == ["never read"]


def test_without_an_open_chat_nothing_typed_is_lost(terminal: Terminal) -> None:
    terminal.chats.open = None
    terminal.talk.take("hello")
    assert terminal.screen.has("Not sent: hello")


def test_a_command_that_finds_nothing_says_what_fits(terminal: Terminal) -> None:
    terminal.talk.take("/who")
    assert terminal.screen.has("not there any more")
    assert not terminal.screen.has("There is nothing here")
