"""What Flask's proxies stand for, for who asks it for several things: each look through a proxy finds it anew."""

from typing import Any, cast

from flask import Request, g, request


def current_request() -> Request:
    return cast(Request, request._get_current_object())  # type: ignore[attr-defined]


def current_g() -> Any:
    return g._get_current_object()  # type: ignore[attr-defined]
