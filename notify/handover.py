"""Takes a socket out of gunicorn's hands: the response is begun here and goes on for as long as its stream lives.

It leans on two undocumented things of gunicorn, `environ["gunicorn.socket"]` and `ALREADY_HANDLED`; a test fails
when they go.
"""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from flask import Response
from gunicorn.workers.base_async import ALREADY_HANDLED

from notify.stream import Stream


class StreamResponse(Response):
    """The head of a stream's response; when it is sent the socket becomes the hub's. `begin` follows it from there.

    No chunks: the response ends with its connection, so that the same bytes serve every client.
    """

    default_mimetype = "text/event-stream"

    def __init__(self, stream: Stream, begin: Any) -> None:
        super().__init__(status=HTTPStatus.OK)
        self.stream, self.begin = stream, begin
        self.headers["Cache-Control"] = "no-store"
        self.headers["X-Accel-Buffering"] = "no"
        self.headers.pop("Content-Length", None)

    def head(self) -> bytes:
        headers = [(name, value) for name, value in self.headers if name.lower() != "content-length"]
        lines = ["HTTP/1.1 200 OK", *(f"{name}: {value}" for name, value in headers), "Connection: close", "", ""]
        return "\r\n".join(lines).encode("latin-1")

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "HEAD":
            self.stream.close("head")
            return super().__call__(environ, start_response)
        try:
            self.stream.attach(environ["gunicorn.socket"], self.head())
        except BaseException:  # the hub knows the stream already, and must not keep it
            self.stream.close("gone")
            raise
        self.begin(self.stream)
        return ALREADY_HANDLED  # type: ignore[no-any-return]
