"""What is compared in fan-out: a server of event streams, and how one makes it send events."""

import time
from collections.abc import Callable, Iterator
from typing import Self

import orjson

from bench.streams import Head, Mark
from bench.usage import cpu_seconds

Action = Callable[[], object]

EVENT = 400
"""Bytes of an event's data."""

TYPE = "message.created"


class Contender:
    """A `with` block is one life of its server, listening on `port`; `roots` are its processes, without their children.

    `ready` is as for `Streams`. `chunk` is for how many seconds events may be made ahead.
    """

    name = ""
    ready = "head"
    chunk = 0.5
    port: int
    roots: list[int]

    def __enter__(self) -> Self:
        raise NotImplementedError

    def __exit__(self, *_: object) -> None:
        raise NotImplementedError

    def heads(self, streams: int, chats: int) -> list[Head]:
        """What these streams ask for, evenly spread over the chats, which are numbered from 0."""
        host = f"Host: 127.0.0.1:{self.port}\r\nAccept: text/event-stream\r\n"
        return [Head(n % chats, f"GET {self.path(n % chats)} HTTP/1.1\r\n{host}".encode()) for n in range(streams)]

    def path(self, chat: int) -> str:
        return f"/{chat}"

    def settle(self, streams: int) -> None:
        """Returns when the streams that were opened get what is sent from now on."""

    def prepare(self, marks: Iterator[Mark], most: int) -> list[Action]:
        """Takes up to so many marks, and makes what sends their events; nothing of it costs the server anything."""
        raise NotImplementedError

    def push(self) -> None:
        """What the actions have gathered is on its way when this returns."""

    def finish(self) -> None:
        """The server has answered whatever was pushed."""

    def said(self) -> str:
        """The end of its log."""
        return ""


def event_json(mark: Mark) -> bytes:
    """As the product's events look, in EVENT bytes."""
    at = "2026-11-23T09:16:55.952260Z"
    ids = {"workspace_id": 1, "chat_id": mark.chat, "actor_id": 1, "at": at}
    message = {"id": mark.number, "chat_id": mark.chat, "seq": mark.number, "sender_id": 1, "content": mark.text()}
    more = {"client_id": None, "reply_to": None, "created_at": at, "edited_at": None, "deleted_at": None}
    data = {"type": TYPE, **ids, "message": message | more}
    message["content"] = mark.text(EVENT - len(orjson.dumps(data)) + len(mark.text()))
    return orjson.dumps(data | {"message": message | more})


def rest(roots: list[int], share: float = 0.1, look: float = 0.2, patience: float = 60.0) -> None:
    """Waits until these processes use less than that share of a core."""
    until = time.monotonic() + patience
    used = cpu_seconds(roots)
    while time.monotonic() < until:
        time.sleep(look)
        before, used = used, cpu_seconds(roots)
        if used - before < share * look:
            return
