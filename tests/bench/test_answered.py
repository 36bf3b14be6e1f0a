"""A 201 with something else than the message that was posted is noticed by what measures posting."""

import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

import orjson
import pytest

from bench.answered import messages
from bench.http_load import load, render
from bench.tools import COMPILERS
from launcher.errors import LaunchError

pytestmark = pytest.mark.skipif(not any(map(shutil.which, COMPILERS)), reason="there is no C compiler")

Message = dict[str, Any]
POSTS = 6


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        posted = orjson.loads(self.rfile.read(int(self.headers["Content-Length"])))
        chat = int(self.path.split("/")[3])
        body = self.server.answer({"id": next(self.server.ids), "chat_id": chat, "seq": 1, **posted})
        self.send_response(201)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    answer: Callable[[Message], bytes] = staticmethod(orjson.dumps)

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.ids = count(1)
        self.url = f"http://127.0.0.1:{self.server_port}"

    def posted(self) -> list[Any]:
        bodies = [orjson.dumps({"content": f"No {number}", "client_id": f"x-{number}"}) for number in range(POSTS)]
        requests = [render("POST", f"{self.url}/api/chats/{7 + n}/messages", body) for n, body in enumerate(bodies)]
        return messages(requests, load(self.url, requests, 2, 10, repeat=False, bodies=True))


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def last(change: Callable[[Message], bytes]) -> Callable[[Message], bytes]:
    """Only one answer is wrong."""
    return lambda message: change(message) if message["client_id"] == f"x-{POSTS - 1}" else orjson.dumps(message)


def test_answers_are_the_messages_that_were_posted(server: Server) -> None:
    found = sorted(server.posted(), key=lambda one: one["chat_id"])
    assert [one["client_id"] for one in found] == [f"x-{number}" for number in range(POSTS)]
    assert {one["id"] for one in found} == set(range(1, POSTS + 1))


@pytest.mark.parametrize(
    "change",
    [
        lambda message: b"",
        lambda message: b"{}",
        lambda message: b"null",
        lambda message: orjson.dumps(message)[:-1],
        lambda message: orjson.dumps([message]),
        lambda message: orjson.dumps(message | {"id": None}),
        lambda message: orjson.dumps({key: value for key, value in message.items() if key != "id"}),
        lambda message: orjson.dumps(message | {"content": "No 0"}),
        lambda message: orjson.dumps(message | {"client_id": None}),
        lambda message: orjson.dumps(message | {"chat_id": 7}),
    ],
    ids=["empty", "object", "null", "cut", "list", "no id", "without id", "content", "client_id", "chat"],
)
def test_one_answer_that_is_not_its_message_fails_the_run(server: Server, change: Callable[[Message], bytes]) -> None:
    server.answer = last(change)
    with pytest.raises(LaunchError, match=f"'chat_id': {6 + POSTS}, .* was answered with .*, which is not"):
        server.posted()


def test_an_id_that_two_messages_have_fails_the_run(server: Server) -> None:
    server.answer = last(lambda message: orjson.dumps(message | {"id": 1}))
    with pytest.raises(LaunchError, match=f"{POSTS} messages were posted, but the answers have {POSTS - 1} ids"):
        server.posted()
