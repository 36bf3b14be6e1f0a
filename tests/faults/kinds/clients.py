"""Five hundred clients that come back at once, as after a power cut."""

import select
import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from uuid import uuid4

from tests.faults.doors import DOORS, HOST
from tests.faults.kinds.kind import Detail, Fault, Kind, Rig, each
from tests.faults.visitor import PASSWORD, Visitor

CLIENTS_AT_ONCE = 500
MISSED = 20
"""Messages that each of them has to be told of."""

PATIENCE = 15.0
KEPT = 2.0
"""Seconds that they stay when all is told."""


class Reader:
    """One of them, with no more wits than to count what it was told."""

    def __init__(self, port: int, token: str, cursor: str) -> None:
        head = f"GET /api/notifications/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
        self.request = f"{head}Last-Event-ID: {cursor}\r\n\r\n".encode()
        self.messages, self.status, self._end = 0, "none", b""
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.socket.connect_ex((HOST, port))

    def ready(self, events: int) -> bool:
        """Whether there is anything more to wait for."""
        try:
            if self.request and events & select.POLLOUT:
                self.socket.send(self.request)
                self.request = b""
            data = self.socket.recv(65536) if events & ~select.POLLOUT else None
        except BlockingIOError:
            data = None
        except OSError:
            data = b""
        if data:
            self._take(data)
        return data != b"" and self.messages < MISSED

    @property
    def wanted(self) -> int:
        return select.POLLIN | (select.POLLOUT if self.request else 0)

    def _take(self, data: bytes) -> None:
        mark = b"event: message.created"
        if self.status == "none":
            self.status = data[9:12].decode()
        self.messages += (self._end + data).count(mark)
        # Shorter than the mark, so that none is counted twice.
        self._end = (self._end + data)[-len(mark) + 1 :]


@contextmanager
def come_at_once(rig: Rig, fault: Fault) -> Iterator[Detail]:
    ports = [rig.system.links.ports[f"client-{name}"] for name in DOORS["notify"]]
    with closing(Visitor([rig.system.doors.url(name) for name in DOORS["web"]])) as visitor:
        token, cursor = _miss_something(visitor)
    readers = [Reader(ports[n % len(ports)], token, cursor) for n in range(CLIENTS_AT_ONCE)]
    try:
        began = time.monotonic()
        _read(rig, readers)
        took = round(time.monotonic() - began, 2)
        whole = sum(reader.messages == MISSED for reader in readers)
        rig.pause(KEPT)
        answers = Counter(reader.status for reader in readers)
        yield {"clients": len(readers), "answers": dict(answers), "whole": whole, "seconds": took}
    finally:
        for reader in readers:
            reader.socket.close()


def _miss_something(visitor: Visitor) -> tuple[str, str]:
    """Somebody new in a workspace of their own, and the cursor from before some messages there."""
    body = {"email": f"{uuid4().hex}@faults.example", "password": PASSWORD, "name": "Crowd", "workspace": "Crowd"}
    token = visitor.post("/api/auth/signup", body)["access_token"]
    workspace_id = visitor.get("/api/workspaces", token)["items"][0]["id"]
    channel = {"workspace_id": workspace_id, "type": "private_channel", "name": "crowd"}
    chat_id = visitor.post("/api/chats", channel, token)["id"]
    cursor = visitor.get("/api/chats", token)["cursor"]
    for n in range(MISSED):
        visitor.call("POST", f"/api/chats/{chat_id}/messages", {"content": f"missed {n}", "client_id": str(n)}, token)
    return token, cursor


def _read(rig: Rig, readers: list[Reader]) -> None:
    """Until all have been told everything, or have been cut off."""
    poll, waiting = select.poll(), {reader.socket.fileno(): reader for reader in readers}
    for descriptor, reader in waiting.items():
        poll.register(descriptor, reader.wanted)
    until = time.monotonic() + PATIENCE
    while waiting and time.monotonic() < until and not rig.over.is_set():
        for descriptor, events in poll.poll(100):
            reader = waiting[descriptor]
            if reader.ready(events):
                poll.modify(descriptor, reader.wanted)
            else:
                poll.unregister(descriptor)
                del waiting[descriptor]


CLIENTS = (Kind("crowd", "clients", come_at_once, each("notify"), settles=20, claims=("crowd", "postgres")),)
