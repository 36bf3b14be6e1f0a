"""gunicorn's response, but its head leaves together with its body: a write of its own would cost as much again, and
wake the client for half an answer.

It is read with `frame/gunicorn_worker.py`, before gevent patches anything, and imports nothing of ours either.
"""

from typing import Any

from gunicorn.http import wsgi


class Response(wsgi.Response):
    held = b""
    """The head, until something follows it."""

    def send_headers(self) -> None:
        if not self.headers_sent:
            lines = [*self.default_headers(), *(f"{name}: {value}\r\n" for name, value in self.headers), "\r\n"]
            self.held, self.headers_sent = "".join(lines).encode("latin-1"), True

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


# gunicorn has no setting for the class of its responses.
wsgi.Response = Response
