"""Reads JSON bodies and queries strictly: what is not well-formed is a 400, what is not JSON a 415."""

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NoReturn, cast

from flask import request
from gunicorn.http.errors import ParseException
from marshmallow import ValidationError
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from app.schemas.fields import ListOf, StrictSchema
from fechatter.errors import Invalid
from frame.current import current_g, current_request

MOST_FIELDS = 100
"""Of one object: each unknown one costs more than all else of a request."""

MOST_ERRORS = 50
"""Fields that a 422 names; a client can send a hundred thousand unknown ones."""


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


def _to_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MOST_FIELDS:
        raise Invalid({"body": [f"An object has more than {MOST_FIELDS} fields."]})
    return dict(pairs)


# Made once: `json.loads` makes one for each call.
_json = json.JSONDecoder(parse_constant=_refuse_constant, object_pairs_hook=_to_object)


def read_json(data: bytes) -> Any:
    """Raises Invalid, and BadRequest; also for NaN, numbers of thousands of digits, nesting that no reader survives."""
    try:
        # Not orjson: it refuses lone surrogates as malformed, but they are well-formed JSON and get a 422.
        return _json.decode(data.decode())
    except (ValueError, RecursionError) as error:
        raise BadRequest("The body is not well-formed JSON in UTF-8.") from error


def read_body(schema: StrictSchema) -> dict[str, Any]:
    """The request's body by its schema; one that is absent counts as `{}`. Raises Invalid, and HTTP's own refusals."""
    request, current_g().body_read = current_request(), True
    stated, most = request.content_length, request.max_content_length or 0
    try:
        # Not by werkzeug's streams, which look after much that `frame/requests.py` has looked at, or gunicorn sees to.
        data = request.environ["wsgi.input"].read(most if stated is None else stated)
    except (ParseException, OSError) as error:
        raise BadRequest("The body is malformed or was cut short.") from error
    if len(data) < (stated or 0):
        raise BadRequest("The body ends before its Content-Length.")
    # One of no stated length is read up to the limit.
    if stated is None and len(data) >= most:
        raise RequestEntityTooLarge
    if not data:
        return _loaded(schema, {})
    if not request.is_json:
        raise UnsupportedMediaType("The body must be application/json.")
    return _loaded(schema, read_json(data))


def read_query(schema: StrictSchema) -> dict[str, Any]:
    """The request's query by its schema; what that does not name is left alone. A list has its name once for each of
    it. Raises Invalid."""
    named = ((name, values) for name, values in request.args.lists() if name in schema.fields)
    return _loaded(schema, {n: values if isinstance(schema.fields[n], ListOf) else values[0] for n, values in named})


def _loaded(schema: StrictSchema, given: Any) -> dict[str, Any]:
    try:
        return cast(dict[str, Any], schema.load(given))
    except ValidationError as error:
        raise Invalid(dict(islice(flat(error.messages), MOST_ERRORS))) from error


def flat(messages: Any, prefix: str = "") -> Iterator[tuple[str, list[str]]]:
    """marshmallow's nested messages as dotted names, each with its reasons."""
    if not isinstance(messages, Mapping):
        yield prefix or "body", [str(reason) for reason in messages]
        return
    for name, inner in messages.items():
        word = "body" if name == "_schema" else str(name)[:100].encode("utf-8", "replace").decode()
        yield from flat(inner, f"{prefix}.{word}" if prefix and name != "_schema" else prefix or word)


class Nothing(StrictSchema):
    """The body of a call that has no fields."""


_nothing = Nothing()


def refuse_unread_body() -> None:
    """For a call without fields: a body need not be there, but if it is, it must be one without fields."""
    if request.method in ("POST", "PUT", "PATCH", "DELETE") and "body_read" not in current_g():
        read_body(_nothing)
