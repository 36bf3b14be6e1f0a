"""Errors as `application/problem+json` (RFC 9457), always of one form."""

from collections.abc import Mapping
from http import HTTPStatus

from flask import Response
from werkzeug.http import HTTP_STATUS_CODES

from fechatter.errors import ChatError, InsufficientScope, Invalid, SignInNeeded, TooMany, Unavailable
from frame.answer import JsonAnswer
from frame.requests import request_id

MEDIA_TYPE = "application/problem+json"

CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid",
    429: "too_many_requests",
    500: "internal_error",
    503: "unavailable",
}
"""The `code` where nothing narrower is known."""


def problem(
    status: int,
    detail: str,
    code: str | None = None,
    errors: Mapping[str, list[str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    body = {
        "type": "about:blank",
        "title": HTTP_STATUS_CODES.get(status, "Error"),
        "status": status,
        "detail": detail,
        "code": code or CODES.get(status, "bad_request"),
        "request_id": request_id(),
    }
    if errors is not None:
        body["errors"] = errors
    return JsonAnswer(body, status, MEDIA_TYPE, headers=headers)


def refusal(error: ChatError) -> Response:
    """The answer to what the product refuses."""
    headers = {}
    if isinstance(error, SignInNeeded):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, InsufficientScope):
        headers["WWW-Authenticate"] = 'Bearer error="insufficient_scope"'
    if isinstance(error, (TooMany, Unavailable)):
        headers["Retry-After"] = str(error.retry_after)
    errors = error.errors if isinstance(error, Invalid) else None
    return problem(error.status, error.detail, error.code, errors, headers)


assert set(CODES) <= {status.value for status in HTTPStatus}
