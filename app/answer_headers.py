"""The headers of our answers in the API's description: what `frame/` gives every answer, or every one of a status."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

HEADERS: dict[str, dict[str, Any]] = {
    "X-Request-ID": {
        "description": "The request's own, if it is 1 to 128 of `A-Za-z0-9._-`, else a new one.",
        "required": True,
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,128}$"},
    },
    "Retry-After": {
        "description": "Seconds to wait before trying again.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    },
    "WWW-Authenticate": {
        "description": "What kind of credentials is wanted.",
        "required": True,
        "schema": {"type": "string", "enum": ["Bearer"]},
    },
    "RateLimit-Policy": {
        "description": "The limits that this call counts against: their names, `q` calls in `w` seconds.",
        "required": False,
        "schema": {"type": "string"},
    },
    "RateLimit": {
        "description": "What is left of each: `r` calls, and in `t` seconds there is more.",
        "required": False,
        "schema": {"type": "string"},
    },
}

OF_LIMITS = ["RateLimit-Policy", "RateLimit"]
OF_STATUS = {"401": ["WWW-Authenticate"], "429": ["Retry-After", *OF_LIMITS], "503": ["Retry-After"]}


def add_headers(description: dict[str, Any]) -> dict[str, Any]:
    """The same description, with them."""
    components = description["components"]
    components["headers"] = HEADERS
    for status, response in _responses(description):
        _add(response, "X-Request-ID", *OF_STATUS.get(status, ()))
    for operation in _operations(description):
        for status, response in operation["responses"].items():
            if "429" in operation["responses"] and status < "400":
                _add(response, *OF_LIMITS)
    return description


def _add(response: dict[str, Any], *names: str) -> None:
    shown = response.setdefault("headers", {})
    shown |= {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _responses(description: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """All, with their status; those that are shared are named for it."""
    statuses = {status.name: str(status.value) for status in HTTPStatus}
    for name, response in description["components"]["responses"].items():
        yield statuses.get(name, "default"), response
    for operation in _operations(description):
        yield from ((s, r) for s, r in operation["responses"].items() if "$ref" not in r)


def _operations(description: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in description["paths"].values():
        yield from (operation for operation in path.values() if isinstance(operation, dict))
