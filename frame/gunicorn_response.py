"""gunicorn's response, but its head is looked at as a whole, and leaves together with its body: a write of its own
would cost as much again, and wake the client for half an answer.

It is read with `frame/gunicorn_worker.py`, before gevent patches anything, and imports nothing of ours either.
"""

import re
from functools import lru_cache
from time import time
from typing import Any

from gunicorn import util
from gunicorn.http import message, wsgi

# As gunicorn has them for one name and one value, together with the line that both make.
OURS_TO_SAY = "|".join(sorted(util.hop_headers))
SOUND = re.compile(
    rf"(?:(?!(?:{OURS_TO_SAY}|content-length):){message.TOKEN_RE.pattern}: {wsgi.HEADER_VALUE_RE.pattern}\r\n"
    r"|content-length: (?P<length>[0-9]+)\r\n)*",
    re.IGNORECASE,
)


class Response(wsgi.Response):
    held = b""
    """The head, until something follows it."""
    given: list[tuple[str, str]] | None = None
    written = ""
    """The headers that were given, as lines."""

    def process_headers(self, headers: list[tuple[str, str]]) -> None:
        written = "".join([f"{name}: {value}\r\n" for name, value in headers])
        sound = SOUND.fullmatch(written)
        if sound is None or written.count("\n") != len(headers):
            return super().process_headers(headers)  # which knows what is wrong, or what to leave out
        self.headers, self.given, self.written = headers, headers, written
        if length := sound["length"]:
            self.response_length = int(length)

    def default_headers(self) -> list[str]:
        if self.upgrade or self.chunked:
            return super().default_headers()  # type: ignore[no-any-return]
        major, minor = self.req.version
        connection = "close" if self.should_close() else "keep-alive"
        return [
            f"HTTP/{major}.{minor} {self.status}\r\nServer: {self.version}\r\n",
            f"Date: {_date(int(time()))}\r\nConnection: {connection}\r\n",
        ]

    def send_headers(self) -> None:
        if self.headers_sent:
            return
        if self.headers is not self.given:
            self.written = "".join([f"{name}: {value}\r\n" for name, value in self.headers])
        self.held = "".join([*self.default_headers(), self.written, "\r\n"]).encode("latin-1")
        self.headers_sent = True

    def _emit_body(self, data: bytes) -> None:
        if self.chunked:
            self._let_go()
            super()._emit_body(data)
        else:
            self._let_go(data)

    def sendfile(self, respiter: Any) -> bool:
        self.send_headers()
        self._let_go()
        return bool(super().sendfile(respiter))

    def close(self) -> None:
        self.send_headers()
        self._let_go()
        super().close()

    def _let_go(self, data: bytes = b"") -> None:
        if self.held or data:
            held, self.held = self.held, b""
            self.sock.sendall(held + data)


@lru_cache(maxsize=2)
def _date(second: int) -> str:
    return str(util.http_date(second))


# gunicorn has no setting for the class of its responses.
wsgi.Response = Response
