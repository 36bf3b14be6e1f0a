"""Sends what a view returns as it is: the schema beside it is for the API's description, not for another copy."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

from flask import Response
from marshmallow import Schema
from werkzeug.http import HTTP_STATUS_CODES

from app.blueprint import describe
from app.bodies import refuse_unread_body
from frame.answer import JsonAnswer

View = Callable[..., Any]


def answers(
    status: int,
    schema: type[Schema] | None = None,
    also: Sequence[int] | Mapping[int, type[Schema]] = (),
    refuses: Sequence[int] = (),
) -> Callable[[View], View]:
    """The view returns a dict (see `fechatter/shapes.py`), or None with 204; or `(dict, status)` with one of `also`,
    which are of the same form unless they are given another.

        @answers(201, MessageSchema, also=(200,), refuses=(403, 404))

    `refuses` adds to the description the errors that do not follow from the route itself: 401 (signed in), 404 (ids
    in the path), 400, 413, 415, 422 (arguments), 429 and 503 are described without a word.
    """
    statuses = (status, *also)

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> Response:
            refuse_unread_body()
            result = view(*args, **kwargs)
            if isinstance(result, Response):
                return result
            body, code = result if isinstance(result, tuple) else (result, status)
            assert code in statuses, f"{view.__name__} answers {code}, which it does not describe"
            return send(body, code)

        describe(wrapper, refuses)
        for code in statuses:
            answer = {"description": HTTP_STATUS_CODES[code], "content_type": None}
            form = also.get(code, schema) if isinstance(also, Mapping) else schema
            shown = {"schema": form()} if form else {}
            wrapper._apidoc["response"]["responses"][code] = [answer | shown]  # type: ignore[attr-defined]
        return wrapper

    return decorate


def send(body: Any, status: int = 200) -> Response:
    """A JSON answer; of None an empty one."""
    if body is None:
        response = Response(status=status)
        del response.headers["Content-Type"]
        return response
    return JsonAnswer(body, status)
