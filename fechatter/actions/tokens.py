"""Personal access tokens: sessions that nobody signs in to, for bots."""

from collections.abc import Iterable
from datetime import timedelta
from secrets import token_bytes

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fechatter.access import Caller
from fechatter.actions.sessions import end_session, lock_caller
from fechatter.audit import record_act
from fechatter.errors import Conflict
from fechatter.models import Session as SignIn
from fechatter.personal_tokens import hash_of, make_token
from fechatter.tokens import SCOPES

MOST_TOKENS = 50
"""Of one person, that live."""


def create_token(
    session: Session, caller: Caller, name: str, scopes: Iterable[str], lifetime: timedelta
) -> tuple[SignIn, str]:
    """The row, and the token, which is not stored. Raises SessionEnded, Conflict (too_many_tokens)."""
    lock_caller(session, caller)
    mine = select(func.count()).where(SignIn.user_id == caller.user_id, SignIn.token_hash.is_not(None))
    living = session.scalar(mine.where(SignIn.ended_at.is_(None), SignIn.expires_at > func.now())) or 0
    if living >= MOST_TOKENS:
        raise Conflict("too_many_tokens", f"You have {MOST_TOKENS} tokens, as many as one may have; end some.")
    token = make_token()
    row = SignIn(
        user_id=caller.user_id,
        nonce=token_bytes(32),
        device="a personal access token",
        expires_at=func.now() + lifetime,
        name=name,
        token_hash=hash_of(token),
        scopes=[scope for scope in SCOPES if scope in set(scopes)],
    )
    session.add(row)
    session.flush()
    record_act(session, "token.created", caller.user_id, target=("token", row.id), name=name, scopes=row.scopes)
    return row, token


def end_token(session: Session, caller: Caller, token_id: int) -> None:
    """It is good for nothing at once; its streams end. Raises NotFound."""
    end_session(session, caller.user_id, token_id, "revoked", is_token=True)
