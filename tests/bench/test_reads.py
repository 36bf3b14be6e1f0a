"""Servers whose reading is compared must answer alike, and as much as is asked for; else nothing is measured."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest

from bench.big_world import BigWorld
from bench.reads import CACHES, NAIVE, OURS, TINY, WARM, Server, compare
from launcher.errors import LaunchError

WORLD = BigWorld(TINY)
Items = list[dict[str, Any]]
Change = Callable[[Items], object]


class Handler(BaseHTTPRequestHandler):
    """Who asks is what the token says."""

    def do_GET(self) -> None:
        place, person = urlsplit(self.path), int(self.headers["Authorization"].removeprefix("Bearer "))
        if place.path == "/api/chats":
            cached = self.headers["Cache-Control"] == CACHES[WARM]
            self._send("cached list" if cached else "list", [_chat(chat, person) for chat in WORLD.chats_of(person)])
        else:
            told = {name: int(value) for name, (value,) in parse_qs(place.query).items()}
            chat, before = int(place.path.split("/")[3]), told["before"]
            self._send("page", [_message(chat, seq) for seq in range(before - told["limit"], before)])

    def _send(self, kind: str, items: Items) -> None:
        if kind in self.server.changes:
            self.server.changes[kind](items)
        body = orjson.dumps({"items": items})
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class Reading(ThreadingHTTPServer):
    """`changes` is what it does to what it answers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.changes: dict[str, Change] = {}
        self.status = 200
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()


def _message(chat: int, seq: int) -> dict[str, Any]:
    return {"id": 1000 * chat + seq, "seq": seq, "content": f"No {seq}"}


def _chat(chat: int, person: int) -> dict[str, Any]:
    last, read = WORLD.last_seq(chat), WORLD.last_read_seq(chat, person)
    told = {"id": chat, "member_ids": None, "unread_count": last - read, "last_read_seq": read}
    return told | {"last_message": _message(chat, last)}


@pytest.fixture
def pair() -> Iterator[dict[str, Reading]]:
    with ExitStack() as stack:
        servers = {name: stack.enter_context(Reading()) for name in (OURS, NAIVE)}
        for server in servers.values():
            stack.callback(server.shutdown)
        yield servers


def compared(pair: dict[str, Reading]) -> None:
    compare(WORLD, {name: Server(f"http://127.0.0.1:{one.server_port}", 0, str) for name, one in pair.items()})


def of_last(name: str, value: object) -> Change:
    return lambda items: items[-1].update({name: value})


def one_more(name: str) -> Change:
    return lambda items: items[-1].update({name: items[-1][name] + 1})


WRONG: dict[str, tuple[str, Change]] = {
    "a message is missing": ("page", lambda items: items.pop(7)),
    "the last message is missing": ("page", list.pop),
    "a message is doubled": ("page", lambda items: items.__setitem__(7, items[6])),
    "messages are turned round": ("page", list.reverse),
    "a text is another one": ("page", of_last("content", "No")),
    "a message is of another chat": ("page", one_more("id")),
    "the page is empty": ("page", list.clear),
    "an unread count is wrong": ("list", one_more("unread_count")),
    "an unread count is wrong in the cached list": ("cached list", one_more("unread_count")),
    "how far one has read is wrong": ("list", one_more("last_read_seq")),
    "the last message of a chat is missing": ("list", of_last("last_message", None)),
    "a chat is missing": ("list", list.pop),
    "the list is empty": ("list", list.clear),
    "the cached list is empty": ("cached list", list.clear),
}
SHORT = [name for name in WRONG if name.endswith(("missing", "empty")) and "of a chat" not in name]


def test_servers_that_answer_alike_may_be_measured(pair: dict[str, Reading]) -> None:
    compared(pair)


@pytest.mark.parametrize("name", [OURS, NAIVE])
@pytest.mark.parametrize("wrong", WRONG)
def test_an_answer_that_is_wrong_at_one_server_fails_the_run(pair: dict[str, Reading], name: str, wrong: str) -> None:
    kind, change = WRONG[wrong]
    pair[name].changes[kind] = change
    with pytest.raises(LaunchError, match="the servers do not answer alike to /api/chats"):
        compared(pair)


@pytest.mark.parametrize("wrong", SHORT)
def test_too_little_fails_the_run_also_if_both_answer_so(pair: dict[str, Reading], wrong: str) -> None:
    kind, change = WRONG[wrong]
    for server in pair.values():
        server.changes[kind] = change
    with pytest.raises(LaunchError, match="the servers do not answer alike to /api/chats"):
        compared(pair)


@pytest.mark.parametrize("name", [OURS, NAIVE])
def test_a_server_that_refuses_fails_the_run(pair: dict[str, Reading], name: str) -> None:
    pair[name].status = 503
    with pytest.raises(LaunchError, match="answered 503"):
        compared(pair)
