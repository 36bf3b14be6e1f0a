"""A client of the stream down at its socket: it reads when a test says so, and can leave at any byte."""

import json
import select
import socket
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any, NamedTuple, TypeVar

from fechatter.cursor import Place, read_cursor

T = TypeVar("T")

CONTROL = frozenset({"ready", "reset", "bye", "typing", "presence"})


class Frame(NamedTuple):
    """What stands between two empty lines. A bare `id:` has no type; a comment has neither."""

    type: str | None
    data: Any
    id: str | None

    @property
    def places(self) -> dict[int, Place]:
        return (read_cursor(self.id) if self.id else None) or {}

    @property
    def is_lasting(self) -> bool:
        return self.type is not None and self.type not in CONTROL

    @property
    def content(self) -> str | None:
        """Of the message that was created, if this tells of one."""
        return self.data["message"]["content"] if self.type == "message.created" else None


class RawStream:
    """`frames` is all that was read; `last_id` what a careful client would resume from; `retry` how long it is told to
    wait before that, in milliseconds; `ended` once it is over."""

    def __init__(self, port: int, token: str, cursor: str | None = None, receive_buffer: int = 0) -> None:
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.connect(("127.0.0.1", port))
        resume = f"Last-Event-ID: {cursor}\r\n" if cursor is not None else ""
        request = f"GET /api/notifications/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n{resume}\r\n"
        self.socket.sendall(request.encode())
        self.frames: list[Frame] = []
        self.head: str | None = None
        self.last_id = cursor
        self.retry: str | None = None
        self.ended = False
        self.rest = b""

    @property
    def status(self) -> int:
        self.until(lambda stream: stream.head)
        assert self.head
        return int(self.head.split()[1])

    def read(self, seconds: float = 0) -> bool:
        """Takes what is there, waiting this long for the first bytes; whether there was something."""
        if self.ended or not select.select([self.socket], [], [], max(0, seconds))[0]:
            return False
        try:
            data = self.socket.recv(65536)
        except OSError:
            data = b""
        self.ended = not data
        self._take(data)
        return bool(data)

    def read_for(self, seconds: float) -> None:
        end = monotonic() + seconds
        while not self.ended and monotonic() < end:
            self.read(end - monotonic())

    def until(self, found: Callable[["RawStream"], T], seconds: float = 30) -> T:
        """Reads until `found(self)` is true, and returns that; fails when that does not come in time."""
        end = monotonic() + seconds
        while not (result := found(self)):
            left = end - monotonic()
            assert left > 0, f"did not come in time; got {self.frames[-5:]}"
            assert not self.ended, f"the stream ended first; got {self.frames[-5:]}"
            self.read(min(left, 0.5))
        return result

    def until_type(self, type_: str, seconds: float = 30) -> Frame:
        return self.until(lambda stream: next((f for f in stream.frames if f.type == type_), None), seconds)

    def until_content(self, content: str, seconds: float = 30) -> Frame:
        return self.until(lambda stream: next((f for f in stream.frames if f.content == content), None), seconds)

    def until_ended(self, seconds: float = 30) -> None:
        self.until(lambda stream: stream.ended, seconds)

    def lasting(self) -> list[Frame]:
        return [frame for frame in self.frames if frame.is_lasting]

    def contents(self) -> list[str]:
        return [frame.content for frame in self.frames if frame.content is not None]

    def close(self) -> None:
        with suppress(OSError):
            self.socket.close()
        self.ended = True

    def _take(self, data: bytes) -> None:
        self.rest += data
        if self.head is None:
            head, end, rest = self.rest.partition(b"\r\n\r\n")
            if not end:
                return
            self.head, self.rest = head.decode(), rest
        *whole, self.rest = self.rest.split(b"\n\n")
        for block in whole:
            self._take_frame(block.decode())

    def _take_frame(self, block: str) -> None:
        lines = block.split("\n")
        fields = dict(line.partition(": ")[::2] for line in lines)
        # Bytes that came twice, or out of their place, would show as a line too many.
        assert len(fields) == len(lines), block[:1000]
        data = fields.get("data")
        frame = Frame(fields.get("event"), json.loads(data) if data is not None else None, fields.get("id"))
        self.frames.append(frame)
        self.retry = fields.get("retry", self.retry)
        if frame.id is not None:
            self.last_id = frame.id
