"""A JSON answer that is there as a whole, and sent as it is."""

from collections.abc import Iterable
from typing import Any

import orjson
from flask import Response


class JsonAnswer(Response):
    """`JsonAnswer({"id": 7}, 201)`. werkzeug's way to the server looks for what none has: an address to be completed,
    a length to be found out, a stream."""

    def __init__(self, body: Any, status: int, media_type: str = "application/json", **options: Any) -> None:
        super().__init__(orjson.dumps(body), status, content_type=media_type, **options)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "HEAD" or self._on_close:
            return super().__call__(environ, start_response)
        start_response(self.status, self.headers.to_wsgi_list())
        return self.response  # type: ignore[return-value]
