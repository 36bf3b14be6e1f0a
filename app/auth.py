"""Who asks: the access token is checked before anything is read, its session's row in the view's transaction."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, cast

from flask import g
from sqlalchemy.orm import Session

from app.blueprint import describe
from fechatter.access import Caller, caller_of
from fechatter.tokens import Claims, Scope
from frame.bearer import verified_claims

View = Callable[..., Any]


def signed_in(view: View | None = None, *, scope: Scope | None = None) -> Any:
    """Only with an access token of a session that lives. Stands right below `@blueprint.route`, so that a stranger
    learns nothing about what a call would take; see `app.transaction.transactional` for the whole stack.

        @signed_in(scope="read")

    also takes a personal access token of that scope. Without one, a call is for who has signed in and nobody else:
    whatever could make a token into more than it was made for.

    In the view `current_caller()` is who asks: its row was read in the view's own transaction.
    """
    if view is None:
        return partial(signed_in, scope=scope)

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        verified_claims(scope)
        return view(*args, **kwargs)

    wrapper.scope = scope  # type: ignore[attr-defined]
    describe(wrapper, [401, 403], security=security(scope))
    return wrapper


def security(scope: Scope | None) -> list[dict[str, list[str]]]:
    """As the API's description says it."""
    return [{"bearer": []}, *([{"personal": [scope]}] if scope else [])]


def load_caller(session: Session) -> None:
    """Reads the session of the request's token, if one was asked for, so that a revoked one ends at once."""
    claims: Claims | None = g.get("claims")
    if claims is not None:
        g.caller = caller_of(session.connection(), claims.session_id, claims.user_id)


def current_claims() -> Claims:
    """Whom the token names, for a call whose own statement reads the session; within `@signed_in` only."""
    return cast(Claims, g.claims)


def may_read() -> bool:
    """Whether the token is good for what others have written: the answer to a call of another scope shows none of it,
    where it is not."""
    return current_claims().reach("read")


def current_caller() -> Caller:
    """Who asks; within `@signed_in` and a transaction only."""
    return cast(Caller, g.caller)
