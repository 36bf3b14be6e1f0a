"""Turns every exception into an answer: the product's refusals, HTTP's own, the database's, and our bugs."""

import logging
from collections.abc import Callable
from traceback import format_tb

import psycopg2
from flask import Flask, Response, request
from markupsafe import escape
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.wrappers import Response as WerkzeugResponse

from fechatter import errors
from frame.database_errors import as_refusal, code_of
from frame.limit_headers import note_refusal
from frame.problems import problem, refusal
from frame.requests import request_id

log = logging.getLogger(__name__)

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Not found</title>
<h1>Not found</h1><p>There is nothing at this address.</p><p>Request <code>{id}</code></p></html>
"""


def on_refusal(error: errors.ChatError) -> Response:
    if isinstance(error, errors.TooMany):
        note_refusal(error.standings)
    return refusal(error)


def on_http(error: HTTPException) -> Response | WerkzeugResponse:
    if error.code is None or error.code < 400:
        return error.get_response()
    headers = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return problem(error.code, error.description or error.name, headers=headers)


def wants_page() -> bool:
    """Whether a browser asks for HTML; a program that takes anything gets JSON."""
    accept = request.accept_mimetypes
    return accept["text/html"] > max(accept["application/json"], accept["application/problem+json"])


def plain_page() -> Response:
    return Response(PAGE.format(id=escape(request_id())), 404, mimetype="text/html")


def unknown_path(page: Callable[[], Response]) -> Response:
    """Not what the product answers for what one may not see: a mistyped path should be known as one."""
    return page() if wants_page() else problem(404, "There is no such path.")


def on_database(error: SQLAlchemyError | psycopg2.Error) -> Response:
    told = as_refusal(error)
    # The type and the way there, but never the text: it quotes the values that were to be stored.
    if told is None:
        way = "".join(format_tb(error.__traceback__))
        log.error("unhandled %s (%s)\n%s", type(error).__name__, code_of(error), way)
        return our_fault()
    log.warning("database: %s (%s)", type(error).__name__, told.code)
    return refusal(told)


def on_bug(error: Exception) -> Response:
    log.error("unhandled", exc_info=error)
    return our_fault()


def our_fault() -> Response:
    return problem(500, "Something went wrong on our side; it has been logged under this request id.")


def init_errors(app: Flask, page: Callable[[], Response] = plain_page) -> None:
    """`page` is what a browser gets for a path that is not there."""
    app.register_error_handler(NotFound, lambda error: unknown_path(page))
    app.register_error_handler(errors.ChatError, on_refusal)
    app.register_error_handler(HTTPException, on_http)
    app.register_error_handler(SQLAlchemyError, on_database)
    app.register_error_handler(psycopg2.Error, on_database)
    app.register_error_handler(Exception, on_bug)
