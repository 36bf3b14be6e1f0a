"""What stands on the screen: each message once, and what became of it."""

import httpx
import pytest

from client.stream import Event
from tests.client.conftest import Terminal
from tests.client.service import Service, chat, message, problem

LATER, STILL_LATER = "2026-11-23T09:20:00Z", "2026-11-23T09:21:00.5Z"


def created(terminal: Terminal, seq: int, **more: object) -> None:
    happens(terminal, "message.created", message(seq, **more))


def happens(terminal: Terminal, type: str, changed: dict[str, object], actor_id: int = 2) -> None:
    data = {"type": type, "chat_id": 7, "actor_id": actor_id, "message": changed}
    terminal.live.show(Event(type, data, "x"))


def opened(terminal: Terminal, service: Service, *history: dict[str, object]) -> None:
    service.answers["GET /api/chats/7/messages"] = {"items": history, "has_more_before": False}
    service.answers["POST /api/chats/7/read"] = {}
    terminal.talk.take("/open general")


def shown(terminal: Terminal, words: str) -> int:
    return sum(words in line for line in terminal.screen.lines)


def test_what_stands_in_the_history_does_not_come_again_from_the_stream(terminal: Terminal, service: Service) -> None:
    opened(terminal, service, message(1, "one"), message(2, "two"))
    for seq, words in ((1, "one"), (2, "two"), (3, "three")):
        created(terminal, seq, content=words)
    assert [shown(terminal, words) for words in ("one", "two", "three")] == [1, 1, 1]


def test_an_event_that_comes_twice_is_shown_once(terminal: Terminal) -> None:
    created(terminal, 1)
    created(terminal, 1)
    assert shown(terminal, "[#general]") == 1


def test_a_message_whose_name_could_not_be_asked_for_is_still_news(terminal: Terminal, service: Service) -> None:
    answer, service.answers["GET /api/users/2"] = service.answers["GET /api/users/2"], httpx.ConnectError("away")
    with pytest.raises(httpx.ConnectError):
        created(terminal, 1)
    service.answers["GET /api/users/2"] = answer
    created(terminal, 1)
    assert shown(terminal, "Bob: Hello") == 1


def test_an_edit_is_shown_as_one(terminal: Terminal, service: Service) -> None:
    opened(terminal, service, message(1, "Helo"))
    happens(terminal, "message.updated", message(1, "Hello", edited_at=LATER))
    assert shown(terminal, "~ Bob edited the message of ") == shown(terminal, ": Hello") == 1


def test_a_deletion_says_who_did_it(terminal: Terminal, service: Service) -> None:
    opened(terminal, service, message(1), message(2))
    happens(terminal, "message.deleted", message(1, None))
    happens(terminal, "message.deleted", message(2, None), actor_id=1)
    assert shown(terminal, "~ Bob deleted the message of ") == 1
    assert shown(terminal, "~ Ann deleted Bob's message of ") == 1


def test_a_change_that_the_history_had_already_is_not_shown_again(terminal: Terminal, service: Service) -> None:
    opened(terminal, service, message(1, "new", edited_at=STILL_LATER), message(2, None))
    happens(terminal, "message.updated", message(1, "old", edited_at=LATER))
    happens(terminal, "message.updated", message(1, "new", edited_at=STILL_LATER))
    happens(terminal, "message.updated", message(2, None, edited_at=LATER))
    happens(terminal, "message.deleted", message(2, None))
    assert shown(terminal, "~") == 0


def test_a_reply_says_to_whom(terminal: Terminal, service: Service) -> None:
    service.answers["GET /api/messages/50"] = message(1, "long ago", id=50, sender_id=1)
    opened(terminal, service, message(8), message(9, "yes", reply_to=108), message(10, "no", reply_to=50))
    assert shown(terminal, "Bob (to Bob, ") == shown(terminal, "Bob (to Ann, ") == 1


def test_a_chat_that_is_gone_is_said_and_no_longer_open(terminal: Terminal, service: Service) -> None:
    opened(terminal, service, message(1))
    data = {"type": "member.removed", "chat_id": 7, "user_id": 1, "actor_id": 2}
    terminal.live.show(Event("member.removed", data, "x"))
    assert shown(terminal, "(#general is gone, or you are not in it any more)") == 1
    assert terminal.chats.open is None


def test_after_a_reset_the_open_chat_is_shown_as_it_stands(terminal: Terminal, service: Service) -> None:
    opened(terminal, service, message(1))
    items = [message(1), message(2, "missed")]
    service.answers["GET /api/chats/7/messages"] = {"items": items, "has_more_before": False}
    terminal.live.show(Event("reset", {"cursor": "y"}, "y"))
    assert shown(terminal, "missed") == 1


def test_the_list_is_read_past_the_cache(terminal: Terminal, service: Service) -> None:
    assert service.last["GET /api/chats"].headers["Cache-Control"] == "no-cache"


def test_counts_do_not_go_back_with_an_old_event(terminal: Terminal, service: Service) -> None:
    terminal.chats.list[7] = chat(7, last_seq=9, last_read_seq=4)
    terminal.live.show(Event("chat.updated", {"chat_id": 7, "chat": chat(7, last_seq=2)}, "x"))
    created(terminal, 5)
    assert terminal.chats.list[7]["last_seq"] == 9


def test_a_public_channel_that_others_make_is_not_among_ones_own(terminal: Terminal, service: Service) -> None:
    service.answers["GET /api/chats/8"] = chat(8, name="theirs") | {"role": None}
    service.answers["GET /api/chats/9"] = chat(9, name="ours")
    service.answers["GET /api/chats/10"] = problem(404, "not_found")
    for id in (8, 9, 10):
        terminal.live.show(Event("chat.created", {"chat_id": id, "chat": chat(id)}, "x"))
    assert sorted(terminal.chats.list) == [7, 9]
