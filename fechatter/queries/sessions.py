"""A person's sign-ins, as that person sees them."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fechatter.access import Caller
from fechatter.models import Session as SignIn
from fechatter.shapes import Shape, rfc3339


def sessions_of(session: Session, caller: Caller) -> list[Shape]:
    """Those that live, last seen first; there are at most a hundred. Personal access tokens are none."""
    signed_in = select(SignIn).where(SignIn.user_id == caller.user_id, SignIn.token_hash.is_(None))
    living = signed_in.where(SignIn.ended_at.is_(None))
    current = living.where(SignIn.expires_at > func.now()).order_by(SignIn.last_seen_at.desc(), SignIn.id.desc())
    return [
        {
            "id": row.id,
            "device": row.device,
            "created_at": rfc3339(row.created_at),
            "last_seen_at": rfc3339(row.last_seen_at),
            "current": row.id == caller.session_id,
        }
        for row in session.scalars(current)
    ]
