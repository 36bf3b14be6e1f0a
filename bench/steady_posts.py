"""Messages posted through web at a steady rate, whose events streams can tell."""

import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

import orjson

from bench.answered import messages
from bench.crowd import Crowd
from bench.http_load import Exchange, Loaded, load, render
from bench.streams import Mark
from bench.system import System
from tests.world import access_token

CONNECTIONS = 8


class Post(NamedTuple):
    """`exchange` has its times in nanoseconds of the monotonic clock."""

    mark: Mark
    exchange: Exchange

    @property
    def milliseconds(self) -> float:
        return (self.exchange.answered - self.exchange.due) / 1e6


class SteadyPosts:
    """So many a second for so long; each connection has chats of its own, so that their order is known.

    All must be answered with 201, and the message.
    """

    def __init__(self, system: System, crowd: Crowd, rate: float, seconds: float) -> None:
        self.url, self.crowd, self.rate, self.seconds = system.url("web"), crowd, rate, seconds
        self.connections = min(CONNECTIONS, len(crowd.chats))
        self.marks = [self._marks(connection) for connection in range(self.connections)]
        self.requests = [[self._request(mark) for mark in marks] for marks in self.marks]
        self.pool = ThreadPoolExecutor(self.connections)

    def start(self) -> None:
        self.loads: list[Future[Loaded]] = [self.pool.submit(self._load, c) for c in range(self.connections)]

    def posts(self) -> list[Post]:
        """Waits for the end."""
        loads = [load.result() for load in self.loads]
        self.pool.shutdown()
        for requests, got in zip(self.requests, loads, strict=True):
            messages(requests, got)
        return [
            Post(marks[exchange.number], exchange)
            for marks, got in zip(self.marks, loads, strict=True)
            for exchange in got.exchanges
        ]

    def _marks(self, connection: int) -> list[Mark]:
        mine = range(connection, len(self.crowd.chats), self.connections)
        rounds = int(self.rate * self.seconds / len(self.crowd.chats)) + 2
        return [Mark(chat, number) for number in range(1, rounds + 1) for chat in mine]

    def _load(self, connection: int) -> Loaded:
        time.sleep(connection / self.rate)  # else all of them would post at the same time, again and again
        rate = self.rate / self.connections
        requests = self.requests[connection]
        return load(self.url, requests, 1, self.seconds, rate=rate, repeat=False, exchanges=True, bodies=True)

    def _request(self, mark: Mark) -> bytes:
        person, chat_id = self.crowd.place(mark.chat, len(self.crowd.chats))
        body = orjson.dumps({"content": mark.text(self.crowd.filling)})
        token = access_token(person.id, person.session_id)
        headers = {"Authorization": f"Bearer {token}", "Content_Type": "application/json"}
        return render("POST", f"{self.url}/api/chats/{chat_id}/messages", body, **headers)


def between(posts: Sequence[Post], begin: int, end: int) -> list[float]:
    """Milliseconds of those that were due then."""
    return [post.milliseconds for post in posts if begin <= post.exchange.due < end]
