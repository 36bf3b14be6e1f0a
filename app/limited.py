"""Limits on views: `@limited("posting")`, `@fetching`; the table of them is in `fechatter/limits.py`."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from flask import Flask, Response, g, request

from app import in_flight
from app.auth import current_claims
from app.blueprint import describe
from app.services import services
from fechatter.errors import TooMany
from fechatter.limits import LIMITS, Standing, address_key

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
    """Counts one by these, else by account if the request has one, else by address. Raises TooMany.

    Never in a transaction: Redis may take a quarter of a second to be found away.
    """
    claims = g.get("claims")
    _note(lambda: services().limiter.hit(limit, *(who or (claims.user_id if claims else address(),))))


def refuse_spent(limit: str, *who: str | int) -> None:
    """Counts nothing. Raises TooMany where one more would be too many."""
    _note(lambda: services().limiter.check(limit, *who))


def _note(ask: Callable[[], Sequence[Standing]]) -> None:
    try:
        g.standings = [*g.get("standings", ()), *ask()]
    except TooMany as refusal:
        g.standings = refusal.standings
        raise


def init_limit_headers(app: Flask) -> None:
    """`RateLimit-Policy` and `RateLimit`, as draft-ietf-httpapi-ratelimit-headers-10 has them: the limiter knows both
    from counting."""

    @app.after_request
    def tell(response: Response) -> Response:
        standings: Sequence[Standing] = g.get("standings", ())
        if standings:
            response.headers["RateLimit-Policy"] = ", ".join(one.rule.policy for one in standings)
            # Other refusals have no count, for some of them must be alike in every byte.
            if response.status_code < 400 or response.status_code == 429:
                response.headers["RateLimit"] = ", ".join(one.item for one in standings)
        return response


def address() -> str:
    """Where the request comes from; behind proxies that is known only by TRUSTED_PROXIES."""
    return address_key(request.remote_addr)
