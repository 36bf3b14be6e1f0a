"""A few live streams, read by one thread that only notes what came when; who wants to know looks afterwards."""

import re
import selectors
import socket
import threading
import time
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple, Self
from urllib.parse import urlsplit

from bench.http_load import render
from launcher.errors import LaunchError
from tests.world import Person, access_token

PATIENCE = 20.0
CLIENT_ID = re.compile(rb'"client_id" ?: ?"([^"]+)"')


class Chunk(NamedTuple):
    """`at` is in nanoseconds of the monotonic clock."""

    at: int
    data: bytes


class Arrival(NamedTuple):
    client_id: str
    at: int


class Listeners:
    """`with` opens a stream for each of these people and waits until all are live."""

    def __init__(self, url: str, people: Sequence[Person]) -> None:
        self.url, self.people = url, people
        self.chunks: list[list[Chunk]] = [[] for _ in people]
        self.ended = list[str]()

    def __enter__(self) -> Self:
        self.selector = selectors.DefaultSelector()
        self.wake, self.woken = socket.socketpair()
        self.selector.register(self.woken, selectors.EVENT_READ)
        for number, person in enumerate(self.people):
            self.selector.register(self._open(person), selectors.EVENT_READ, number)
        self.thread = threading.Thread(target=self._read, name="listeners")
        self.thread.start()
        try:
            self._wait_until_live()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.wake.close()
        self.thread.join()
        for key in list(self.selector.get_map().values()):
            assert isinstance(key.fileobj, socket.socket)
            key.fileobj.close()
        self.selector.close()

    def arrivals(self, number: int) -> Iterator[Arrival]:
        """The messages on that stream, in their order; raises LaunchError if any has ended."""
        if self.ended:
            raise LaunchError(f"streams ended: {self.ended}")
        chunks = list(self.chunks[number])
        ends = list(accumulate(len(chunk.data) for chunk in chunks))
        for found in CLIENT_ID.finditer(b"".join(chunk.data for chunk in chunks)):
            # The chunk that its last byte came with.
            yield Arrival(found[1].decode(), chunks[bisect_left(ends, found.end())].at)

    def all_of(self, number: int, wanted: Mapping[str, tuple[int, int]], mark: str = "") -> list[Arrival]:
        """The messages on that stream whose `client_id` begins so, when all of `wanted` had time to come: see
        `check_arrivals`."""
        until = time.monotonic() + PATIENCE
        while len(came := self._came(number, mark)) < len(wanted) and time.monotonic() < until:
            time.sleep(0.2)
        check_arrivals([one.client_id for one in came], wanted)
        return came

    def _came(self, number: int, mark: str) -> list[Arrival]:
        return [one for one in self.arrivals(number) if one.client_id.startswith(mark)]

    def _open(self, person: Person) -> socket.socket:
        place = urlsplit(self.url)
        connection = socket.create_connection((place.hostname or "", place.port or 0), PATIENCE)
        token = access_token(person.id, person.session_id)
        connection.sendall(
            render("GET", f"{self.url}/api/notifications/events", Authorization=f"Bearer {token}", Accept="*/*")
        )
        return connection

    def _read(self) -> None:
        while True:
            for key, _ in self.selector.select():
                if key.fileobj is self.woken:
                    return
                assert isinstance(key.fileobj, socket.socket)
                data = key.fileobj.recv(1 << 18)
                self.chunks[key.data].append(Chunk(time.monotonic_ns(), data))
                if not data:
                    self.ended.append(self._said(key.data)[-500:].decode(errors="replace"))
                    self.selector.unregister(key.fileobj)
                    key.fileobj.close()

    def _wait_until_live(self) -> None:
        until = time.monotonic() + PATIENCE
        while not all(b"event: ready" in self._said(number) for number in range(len(self.people))):
            if time.monotonic() > until or self.ended:
                said = [self._said(number)[:500] for number in range(len(self.people))]
                raise LaunchError(f"not all streams became live: {said}")
            time.sleep(0.01)

    def _said(self, number: int) -> bytes:
        return b"".join(chunk.data for chunk in self.chunks[number])


def check_arrivals(came: Sequence[str], wanted: Mapping[str, tuple[int, int]]) -> None:
    """Raises LaunchError unless what came on a stream, by `client_id`, is all of `wanted` (chat and number) once, and
    in each chat's order."""
    if (len(came), set(came)) != (len(wanted), set(wanted)):
        raise LaunchError(f"{len(wanted)} messages, but {len(came)} on a stream, {len(set(came))} of them different")
    last = dict[int, int]()
    for chat, seq in (wanted[client_id] for client_id in came):
        if seq <= last.get(chat, 0):
            raise LaunchError(f"message {seq} of chat {chat} came behind {last[chat]}")
        last[chat] = seq
