"""The frame of each request: its id, its deadline, the size of its body."""

import re
from secrets import token_hex

from flask import Flask, Response, current_app
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from fechatter.db import start_deadline
from frame.current import current_g, current_request

LARGEST_BODY = 64 * 1024
"""Bytes, where a view does not say otherwise."""

DEADLINE = 4.0
"""Seconds in which PostgreSQL must have answered all that one request asks of it."""

PLAIN = ("", "identity", "chunked")
"""What a body may be in: anything else would be taken for what it is not."""

GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")


def request_id() -> str:
    """The caller's own, if it has the right form, else a new one; the same for the whole request."""
    g = current_g()
    if "request_id" not in g:
        given = current_request().headers.get("X-Request-ID", "")
        g.request_id = given if GIVEN_ID.fullmatch(given) else token_hex(16)
    return str(g.request_id)


def _begin() -> None:
    start_deadline(DEADLINE)
    request = current_request()
    # See `Blueprint.arguments` of the door that reads bodies.
    view = current_app.view_functions.get(request.endpoint or "")
    request.max_content_length = most = int(getattr(view, "largest_body", LARGEST_BODY))
    if (request.content_length or 0) > most:
        raise RequestEntityTooLarge
    for header in ("HTTP_CONTENT_ENCODING", "HTTP_TRANSFER_ENCODING"):
        if request.environ.get(header, "").strip().lower() not in PLAIN:
            raise UnsupportedMediaType("A body that is compressed is not read.")


def _name(response: Response) -> Response:
    response.headers["X-Request-ID"] = request_id()
    return response


def _end(error: BaseException | None) -> None:
    start_deadline(None)


def init_requests(app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    # Whatever the router would redirect is not there: a redirect leads to whatever Host the request has named.
    app.url_map.merge_slashes = False
    app.before_request(_begin)
    app.after_request(_name)
    app.teardown_request(_end)
