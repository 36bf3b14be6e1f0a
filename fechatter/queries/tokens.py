"""A person's personal access tokens, without what opens anything."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fechatter.models import Session as SignIn
from fechatter.shapes import Shape, rfc3339


def tokens_of(session: Session, user_id: int) -> list[Shape]:
    """Those that live, newest first; there are at most fifty."""
    mine = select(SignIn).where(SignIn.user_id == user_id, SignIn.token_hash.is_not(None), SignIn.ended_at.is_(None))
    living = mine.where(SignIn.expires_at > func.now()).order_by(SignIn.id.desc())
    return [token_shape(row) for row in session.scalars(living)]


def token_shape(row: SignIn) -> Shape:
    """That it is used is written down once an hour at most."""
    was_used = row.last_seen_at > row.created_at
    return {
        "id": row.id,
        "name": row.name,
        "scopes": row.scopes,
        "created_at": rfc3339(row.created_at),
        "last_used_at": rfc3339(row.last_seen_at) if was_used else None,
        "expires_at": rfc3339(row.expires_at),
    }
