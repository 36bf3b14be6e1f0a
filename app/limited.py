"""Limits on views: `@limited("posting")`, `@fetching`; the table of them is in `fechatter/limits.py`."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import g, request

from app import in_flight
from app.auth import current_claims
from app.blueprint import describe
from app.services import services
from fechatter.limits import LIMITS, address_key
from frame.limit_headers import note

View = Callable[..., Any]


def limited(limit: str) -> Callable[[View], View]:
    """Counts each call by account below `@signed_in`, by address elsewhere. Stands above `@blueprint.arguments`."""
    assert limit in LIMITS, limit
    return _spending(limit, lambda: spend(limit))


def fetching(view: View) -> View:
    """For a view that only reads, below `@signed_in`: counted too, and only so many at a time (`app/in_flight.py`)."""

    def admit() -> None:
        if services().config.rate_limits:
            in_flight.enter(current_claims().user_id)
        spend("fetching")

    return _spending("fetching", admit)(view)


def _spending(limit: str, admit: Callable[[], None]) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            admit()
            return view(*args, **kwargs)

        describe(wrapper, [429])
        wrapper.limit = limit  # type: ignore[attr-defined]
        return wrapper

    return decorate


def spend(limit: str, *who: str | int) -> None:
    """Counts one by these, else by account if the request has one, else by address; the headers tell of it. Raises
    TooMany.

    Never in a transaction: Redis may take a quarter of a second to be found away.
    """
    claims = g.get("claims")
    note(services().limiter.hit(limit, *(who or (claims.user_id if claims else address(),))))


def address() -> str:
    """Where the request comes from; behind proxies that is known only by TRUSTED_PROXIES."""
    return address_key(request.remote_addr)
