"""What a line that begins with a slash does."""

import pytest

from tests.client.conftest import Terminal
from tests.client.service import Service, chat


@pytest.fixture
def channels(service: Service) -> None:
    service.answers["GET /api/workspaces"] = {"items": [{"id": 1}]}
    items = [chat(8, name="Plans") | {"is_member": False}]
    service.answers["GET /api/workspaces/1/channels"] = {"items": items, "next_cursor": None}
    service.answers["POST /api/chats/8/join"] = chat(8, name="Plans")
    service.answers["GET /api/chats/8/messages"] = {"items": [], "has_more_before": False}


@pytest.mark.usefixtures("channels")
@pytest.mark.parametrize("line", ["/join plans", "/join #Plans"])
def test_a_channel_is_entered_with_or_without_its_sign(terminal: Terminal, line: str) -> None:
    terminal.talk.take(line)
    assert terminal.screen.has("--- #Plans ---")


@pytest.mark.usefixtures("channels")
def test_a_channel_that_is_not_there_is_named(terminal: Terminal) -> None:
    terminal.talk.take("/join nowhere")
    assert terminal.screen.has("There is no public channel 'nowhere' here")


def test_an_invitation_that_is_not_good_says_what_it_may_be(terminal: Terminal) -> None:
    terminal.talk.take("/join http://localhost:8000/invite/xyz")
    assert terminal.screen.has("expired, withdrawn, or for another account than yours (ann@example.org)")


@pytest.mark.parametrize("name", ["open", "new", "dm", "join", "add", "workspace"])
def test_a_command_without_what_it_needs_shows_its_usage(terminal: Terminal, service: Service, name: str) -> None:
    before = len(service.asked)
    terminal.talk.take(f"/{name}")
    assert terminal.screen.lines[-1].startswith(f"Usage: /{name} ")
    assert len(service.asked) == before


@pytest.mark.parametrize("name", ["chats", "browse", "invite", "help"])
def test_a_command_that_needs_nothing_shows_no_usage(terminal: Terminal, name: str) -> None:
    terminal.talk.take(f"/{name}")
    assert not terminal.screen.has("Usage")
