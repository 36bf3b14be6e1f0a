"""What a line that begins with a slash does."""

import httpx
import pytest

from client.arguments import arguments
from tests.client.conftest import Terminal
from tests.client.service import Service, chat, message, problem


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


def test_a_channel_with_a_slash_in_its_name_is_no_invitation(terminal: Terminal, service: Service) -> None:
    service.answers["GET /api/workspaces"] = {"items": [{"id": 1}]}
    items = [chat(8, name="24/7")]
    service.answers["GET /api/workspaces/1/channels"] = {"items": items, "next_cursor": None}
    service.answers["POST /api/chats/8/join"] = items[0]
    service.answers["GET /api/chats/8/messages"] = {"items": [], "has_more_before": False}
    terminal.talk.take("/join 24/7")
    assert terminal.screen.has("--- #24/7 ---")


def test_channels_are_shown_with_what_enters_them(terminal: Terminal, service: Service) -> None:
    service.answers["GET /api/workspaces"] = {"items": [{"id": 1}]}
    items = [chat(8, name="Plans") | {"is_member": False}, chat(7) | {"is_member": True}]
    for shown in (items, []):
        service.answers["GET /api/workspaces/1/channels"] = {"items": shown, "next_cursor": None}
        terminal.talk.take("/browse")
    assert terminal.screen.lines[:2] == ["  #Plans  (/join Plans enters it)", "  #general"]
    assert terminal.screen.lines[2].startswith("No public channels here yet. /new")


@pytest.mark.usefixtures("channels")
def test_a_channel_that_is_not_there_is_named(terminal: Terminal) -> None:
    terminal.talk.take("/join nowhere")
    assert terminal.screen.has("There is no public channel 'nowhere' here")


def test_an_invitation_that_is_not_good_says_what_it_may_be(terminal: Terminal) -> None:
    terminal.talk.take("/join http://localhost:8000/invite/xyz")
    assert terminal.screen.has("expired, withdrawn, or for another account than yours (ann@example.org)")


@pytest.mark.parametrize("name", ["open", "new", "dm", "join", "add", "promote", "workspace"])
def test_a_command_without_what_it_needs_shows_its_usage(terminal: Terminal, service: Service, name: str) -> None:
    before = len(service.asked)
    terminal.talk.take(f"/{name}")
    assert terminal.screen.lines[-1].startswith(f"Usage: /{name} ")
    assert len(service.asked) == before


@pytest.mark.parametrize("name", ["chats", "browse", "invite", "help"])
def test_a_command_that_needs_nothing_shows_no_usage(terminal: Terminal, name: str) -> None:
    terminal.talk.take(f"/{name}")
    assert not terminal.screen.has("Usage")


def test_who_has_no_chat_is_told_what_comes_next(terminal: Terminal, service: Service) -> None:
    service.answers["GET /api/workspaces"] = {"items": []}
    terminal.chats.list.clear()
    terminal.talk.take("hello")
    assert "/chats says how" in terminal.screen.lines[-1]
    for line in ("/chats", "/new general"):
        terminal.talk.take(line)
        assert terminal.screen.lines[-1].startswith("You are in no workspace yet: /workspace NAME makes one, /join")
    service.answers["GET /api/workspaces"] = {"items": [{"id": 1}]}
    terminal.talk.take("/chats")
    assert terminal.screen.lines[-1].startswith("No chats yet. /new NAME makes a channel, /browse")


def test_who_has_chats_is_told_how_to_open_one_until_one_is(terminal: Terminal) -> None:
    terminal.talk.take("/chats")
    assert terminal.screen.lines == ["  #general", "(/open NAME goes to one)"]
    terminal.chats.open = 7
    terminal.talk.take("/chats")
    assert terminal.screen.lines[2:] == ["> #general"]


def test_where_nothing_was_said_one_is_told_how_to_and_the_end_of_history_is_said(
    terminal: Terminal, service: Service
) -> None:
    history = "GET /api/chats/7/messages"
    service.answers[history] = {"items": [], "has_more_before": False}
    terminal.talk.take("/open general")
    assert "type a message" in terminal.screen.lines[-1]
    service.answers["POST /api/chats/7/read"] = None
    service.answers[history] = {"items": [message(1)], "has_more_before": False}
    terminal.talk.take("/open general")
    assert terminal.screen.lines[-1].endswith("Hello")
    service.answers[history] = {"items": [], "has_more_before": False}
    terminal.talk.take("/more")
    assert terminal.screen.lines[-1] == "(nothing older)"


def test_an_invitation_says_where_its_link_opens_and_how_bin_chat_takes_it(
    terminal: Terminal, service: Service
) -> None:
    link = "https://chat.example.org/invite/xyz"
    service.answers["GET /api/workspaces"] = {"items": [{"id": 1}]}
    service.answers["POST /api/workspaces/1/invites"] = {"url": link}
    terminal.talk.take("/invite")
    where, alone, join, begin = terminal.screen.lines
    assert "opens in a browser" in where
    assert alone.strip() == link
    assert join.endswith(f"  /join {link}")
    options = arguments(begin.partition("  bin/chat ")[2].split())
    assert (options.server, options.invite) == ("https://chat.example.org", "xyz")


def test_a_workspace_that_was_just_made_or_entered_is_the_one_that_is_meant(
    terminal: Terminal, service: Service
) -> None:
    service.answers["GET /api/workspaces"] = {"items": [{"id": 1}, {"id": 2}, {"id": 3}]}
    service.answers["POST /api/workspaces"] = {"id": 2, "name": "Mine"}
    service.answers["POST /api/invites/xyz/accept"] = {"id": 3, "name": "Theirs"}
    service.answers["POST /api/chats"] = lambda body: chat(9) | {"workspace_id": body["workspace_id"]}
    service.answers["GET /api/chats/9/messages"] = {"items": [], "has_more_before": False}
    service.answers["GET /api/chats/7/messages"] = {"items": [], "has_more_before": False}
    terminal.chats.open = 7
    meant = []
    for before in ("/open general", "/workspace Mine", "/join http://a.example/invite/xyz", "/open general"):
        terminal.talk.take(before)
        assert (terminal.chats.open is None) == (before[1] in "wj")
        terminal.talk.take("/new channel")
        meant.append([body["workspace_id"] for what, body in service.asked if what == "POST /api/chats"][-1])
    assert meant == [1, 2, 3, 1]


def test_chats_of_several_workspaces_stand_under_their_names(terminal: Terminal, service: Service) -> None:
    service.answers["GET /api/workspaces"] = {"items": [{"id": 1, "name": "Acme"}, {"id": 2, "name": "Club"}]}
    terminal.talk.take("/chats")
    assert terminal.screen.lines[0] == "  #general"
    terminal.screen.lines.clear()
    terminal.chats.list |= {8: chat(8) | {"workspace_id": 2}, 9: chat(9, name="plans")}
    terminal.talk.take("/chats")
    assert terminal.screen.lines[:5] == ["Acme", "  #general", "  #plans", "Club", "  #general"]
    service.answers["GET /api/workspaces"] = httpx.ConnectError("away")
    terminal.talk.take("/chats")
    assert terminal.screen.lines[6:11] == terminal.screen.lines[:5], "they are known by now"


def test_the_last_owner_is_told_how_to_leave_and_can_then(terminal: Terminal, service: Service) -> None:
    people = [{"user_id": 2, "name": "Bob"}]
    service.answers["GET /api/workspaces/1/members"] = {"items": people, "next_cursor": None}
    service.answers["POST /api/chats/7/leave"] = problem(409, "last_owner")
    service.answers["PATCH /api/chats/7/members/2"] = None
    terminal.chats.open = 7
    terminal.talk.take("/leave")
    assert terminal.screen.lines[-1].startswith("You are the last owner of #general: /promote PERSON makes")
    assert 7 in terminal.chats.list
    terminal.talk.take("/promote bob")
    assert ("PATCH /api/chats/7/members/2", {"role": "owner"}) in service.asked
    assert terminal.screen.lines[-1] == "bob is an owner of #general now."


def test_only_others_who_are_in_the_chat_are_promoted(terminal: Terminal, service: Service) -> None:
    people = [{"user_id": 2, "name": "Bob"}, {"user_id": 1, "name": "Ann"}]
    service.answers["GET /api/workspaces/1/members"] = {"items": people, "next_cursor": None}
    terminal.chats.open = 7
    terminal.talk.take("/promote ann")
    assert terminal.screen.lines[-1].startswith("That is you.")
    terminal.talk.take("/promote bob")
    assert terminal.screen.lines[-1] == "bob is not in this chat: /add bob comes first."
    service.answers["PATCH /api/chats/7/members/2"] = problem(403, "forbidden", "You may not do this.")
    terminal.talk.take("/promote bob")
    assert terminal.screen.lines[-1] == "You may not do this."


def test_a_command_is_known_by_its_beginning_and_choices_are_named(terminal: Terminal) -> None:
    terminal.talk.take("/o general")
    assert terminal.screen.has("--- #general ---")
    terminal.talk.take("/w")
    assert terminal.screen.lines[-1].startswith("/w may be /who or /workspace; /help lists")
    terminal.talk.take("/xyz")
    assert terminal.screen.lines[-1].startswith("There is no /xyz; /help lists")


def test_a_chat_that_one_is_not_in_is_said_with_what_shows_them(terminal: Terminal) -> None:
    terminal.talk.take("/open plans")
    assert terminal.screen.lines == ["No chat of yours is called 'plans'. /chats shows yours, /browse others."]


def test_what_was_done_is_said(terminal: Terminal, service: Service) -> None:
    people = [{"user_id": 2, "name": "Bob"}]
    service.answers["GET /api/workspaces/1/members"] = {"items": people, "next_cursor": None}
    service.answers["POST /api/chats/7/members"] = service.answers["POST /api/chats/7/leave"] = None
    terminal.chats.open = 7
    terminal.talk.take("/add bob")
    assert terminal.screen.lines[-1] == "In #general now: bob"
    terminal.talk.take("/leave")
    assert terminal.screen.lines[-1].startswith("You have left #general.")
    assert not terminal.chats.list
