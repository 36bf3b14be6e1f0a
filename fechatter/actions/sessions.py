"""Sign-ins: beginning one, renewing it with its refresh token, ending it."""

from collections.abc import Iterable
from datetime import timedelta
from enum import Enum
from secrets import token_bytes
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from fechatter.access import Caller, caller_of
from fechatter.audit import record_act
from fechatter.db import fetch
from fechatter.errors import Forbidden, NotFound, SignInNeeded
from fechatter.models import PushSubscription, User
from fechatter.models import Session as SignIn
from fechatter.outbox import record_user_change
from fechatter.refresh_tokens import RefreshTokens

LIFETIME = timedelta(days=30)
"""From the last renewal on."""

MOST_SESSIONS = 100
NOBODY = 0
SAME_AGAIN = timedelta(seconds=10)
"""How long a spent refresh token gets its successor again: a second tab, an answer that was lost."""


OLDEST = """
SELECT id FROM sessions WHERE user_id = %s AND ended_at IS NULL AND token_hash IS NULL
ORDER BY last_seen_at DESC, id DESC OFFSET %s
"""


class Renewal(Enum):
    """`REUSED`: a spent token came back; the session has been ended, which the caller must commit, then refuse."""

    RENEWED = "renewed"
    REUSED = "reused"


def start_session(session: Session, user_id: int, device: str) -> SignIn:
    """A new sign-in of a person whose row the caller has locked (or just made). The oldest beyond 100 end.

    Raises Forbidden (account_suspended).
    """
    if session.get_one(User, user_id).suspended_at is not None:
        raise Forbidden("account_suspended", "This account is suspended; ask who runs this service.")
    if beyond := fetch(session.connection(), OLDEST, (user_id, MOST_SESSIONS - 1)):
        _end(session, session.scalars(select(SignIn).where(SignIn.id.in_([row[0] for row in beyond]))), "revoked")
    sign_in = SignIn(user_id=user_id, nonce=token_bytes(32), device=device, expires_at=func.now() + LIFETIME)
    session.add(sign_in)
    session.flush()
    record_act(session, "session.started", user_id, target=("session", sign_in.id))
    return sign_in


def renew_session(session: Session, tokens: RefreshTokens, text: str) -> tuple[Renewal, SignIn]:
    """Spends a refresh token; `tokens.write(sign_in)` is then its successor. Raises SignInNeeded (bad_token), which
    changes nothing: whoever can make up a token must not be able to end someone's session."""
    presented = tokens.read(text)
    sign_in = session.get(SignIn, presented.session_id) if presented else None
    if presented is None or sign_in is None or not tokens.is_ours(presented, sign_in):
        raise bad_refresh_token()
    session.refresh(sign_in, with_for_update={"key_share": True})
    # Behind the lock, and not now(), which is when this transaction began.
    now = session.execute(select(func.clock_timestamp())).scalar_one()
    if sign_in.ended_at or sign_in.expires_at <= now or presented.generation > sign_in.generation:
        raise bad_refresh_token()
    if presented.generation < sign_in.generation:
        just_spent = presented.generation == sign_in.generation - 1 and sign_in.rotated_at
        if just_spent and now - just_spent <= SAME_AGAIN:
            return Renewal.RENEWED, sign_in
        # Who brought it is not known: its owner, or whoever has stolen it.
        record_act(session, "token.reused", None, target=("user", sign_in.user_id), session_id=sign_in.id)
        _end(session, [sign_in], "revoked")
        return Renewal.REUSED, sign_in
    sign_in.generation += 1
    sign_in.rotated_at = sign_in.last_seen_at = now
    sign_in.expires_at = now + LIFETIME
    return Renewal.RENEWED, sign_in


def bad_refresh_token() -> SignInNeeded:
    return SignInNeeded("bad_token", "This refresh token is not, or no longer, valid.")


def end_session(session: Session, user_id: int, session_id: int, reason: str, is_token: bool = False) -> None:
    """Ends one of this person's sign-ins, or a personal access token, and so its streams. Raises NotFound.

    Reasons: signed_out (by that session itself), revoked.
    """
    kind = _end_one(session, user_id, session_id, reason, is_token)
    record_act(session, f"{kind}.ended", user_id, target=(kind, session_id), reason=reason)


def end_for_operator(session: Session, session_id: int) -> None:
    """The same, whosever it is and of either kind; the account's own log has it as done to the account."""
    of = select(SignIn.user_id, SignIn.token_hash.is_not(None)).where(SignIn.id == session_id)
    user_id, is_token = session.execute(of).one_or_none() or (NOBODY, False)
    kind = _end_one(session, user_id, session_id, "revoked", is_token)
    details: dict[str, Any] = {"reason": "revoked", f"{kind}_id": session_id}
    record_act(session, f"{kind}.ended", None, target=("user", user_id), **details)


def _end_one(session: Session, user_id: int, session_id: int, reason: str, is_token: bool) -> str:
    """Which kind it was, as the log of acts calls it."""
    living = select(SignIn).where(SignIn.id == session_id, SignIn.user_id == user_id, SignIn.ended_at.is_(None))
    of_kind = living.where(SignIn.token_hash.is_not(None) if is_token else SignIn.token_hash.is_(None))
    sign_in = session.scalars(of_kind.where(SignIn.expires_at > func.now()).with_for_update(key_share=True)).first()
    if sign_in is None:
        raise NotFound
    _end(session, [sign_in], reason)
    return "token" if is_token else "session"


def lock_caller(session: Session, caller: Caller) -> User:
    """The row of the person who asks, locked, and that of its session: none ends before what is made here is there to
    end with it. Raises SessionEnded if it has ended meanwhile: what a new password was to shut out must not have left
    something behind that lets it in again."""
    query = select(User).where(User.id == caller.user_id).with_for_update(key_share=True)
    user = session.scalars(query.execution_options(populate_existing=True)).one()
    session.execute(select(SignIn.id).where(SignIn.id == caller.session_id).with_for_update(read=True))
    caller_of(session.connection(), caller.session_id, caller.user_id)
    return user


def end_other_sessions(session: Session, user: User, session_id: int) -> None:
    """All but this one, personal access tokens too; the caller has locked the person's row."""
    living = select(SignIn).where(SignIn.user_id == user.id, SignIn.ended_at.is_(None), SignIn.id != session_id)
    _end(session, session.scalars(living.order_by(SignIn.id).with_for_update(key_share=True)), "revoked")


def end_all_sessions(session: Session, user: User) -> None:
    """Of every kind; the caller has locked the person's row."""
    living = select(SignIn).where(SignIn.user_id == user.id, SignIn.ended_at.is_(None))
    _end(session, session.scalars(living.order_by(SignIn.id).with_for_update(key_share=True)), "revoked")


def _end(session: Session, sign_ins: Iterable[SignIn], reason: str) -> None:
    """With their streams, which learn of it, and what is pushed to their browsers."""
    for sign_in in sign_ins:
        sign_in.ended_at = func.clock_timestamp()
        sign_in.end_reason = reason
        record_user_change(session, sign_in.user_id, "session_ended", sign_in.id, reason)
        session.execute(delete(PushSubscription).where(PushSubscription.session_id == sign_in.id))
