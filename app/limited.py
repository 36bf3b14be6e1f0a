"""Limits on views: `@limited("posting")`; the table of them is in `fechatter/limits.py`."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import g, request

from app.blueprint import describe
from app.services import services
from fechatter.limits import LIMITS, address_key

View = Callable[..., Any]


def limited(limit: str) -> Callable[[View], View]:
    """Counts each call by account below `@signed_in`, by address elsewhere. Stands above `@blueprint.arguments`."""
    assert limit in LIMITS, limit

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            spend(limit)
            return view(*args, **kwargs)

        describe(wrapper, [429])
        return wrapper

    return decorate


def spend(limit: str) -> None:
    """Counts one by account if the request has one, else by address. Raises TooMany.

    Never in a transaction: Redis may take a quarter of a second to be found away.
    """
    claims = g.get("claims")
    services().limiter.hit(limit, claims.user_id if claims else address())


def address() -> str:
    """Where the request comes from; behind proxies that is known only by TRUSTED_PROXIES."""
    return address_key(request.remote_addr)
