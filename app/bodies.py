"""Reads JSON bodies and queries strictly: what is not well-formed is a 400, what is not JSON a 415."""

import json
from typing import Any, NoReturn

from flask import Request, g, request
from gunicorn.http.errors import ParseException
from marshmallow import Schema, missing
from webargs.flaskparser import FlaskParser, is_json_request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from app.schemas.fields import StrictSchema
from fechatter.errors import Invalid

MOST_FIELDS = 100
"""Of one object: each unknown one costs more than all else of a request."""


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


def _to_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MOST_FIELDS:
        raise Invalid({"body": [f"An object has more than {MOST_FIELDS} fields."]})
    return dict(pairs)


def read_json(data: bytes) -> Any:
    """Raises Invalid, and BadRequest; also for NaN, numbers of thousands of digits, nesting that no reader survives."""
    try:
        # Not orjson: it refuses lone surrogates as malformed, but they are well-formed JSON and get a 422.
        return json.loads(data.decode(), parse_constant=_refuse_constant, object_pairs_hook=_to_object)
    except (ValueError, RecursionError) as error:
        raise BadRequest("The body is not well-formed JSON in UTF-8.") from error


class StrictParser(FlaskParser):
    """webargs with our rules for bodies; one that is absent counts as `{}`."""

    def load_json(self, req: Request, schema: Schema) -> Any:
        g.body_read = True
        try:
            data = req.get_data()
        except (ParseException, OSError) as error:
            raise BadRequest("The body is malformed or was cut short.") from error
        if len(data) < (req.content_length or 0):
            raise BadRequest("The body ends before its Content-Length.")
        # werkzeug cuts a body of no stated length off at the limit, without a word.
        if req.content_length is None and len(data) >= (req.max_content_length or 0):
            raise RequestEntityTooLarge
        if not data:
            return missing
        if not is_json_request(req):
            raise UnsupportedMediaType("The body must be application/json.")
        return read_json(data)


parser = StrictParser()


class Nothing(StrictSchema):
    """The body of a call that has no fields."""


def refuse_unread_body() -> None:
    """For a call without fields: a body need not be there, but if it is, it must be one without fields."""
    if request.method in ("POST", "PUT", "PATCH", "DELETE") and "body_read" not in g:
        parser.parse(Nothing)
