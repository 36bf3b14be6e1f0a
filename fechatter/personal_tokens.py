"""Personal access tokens: their form, by which scanners for secrets can know them, and whom one names."""

import re
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import Connection, Engine

from fechatter.db import fetch
from fechatter.tokens import Claims

PREFIX = "fch_"
FORM = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")

# That a token is used is written down once an hour at most: a write with each request would cost more than the request.
CLAIMS = """
WITH known AS (
    SELECT id, user_id, scopes, created_at, last_seen_at FROM sessions
     WHERE token_hash = %s AND ended_at IS NULL AND expires_at > now()
), seen AS (
    UPDATE sessions s SET last_seen_at = now() FROM known k
     WHERE s.id = k.id AND (k.last_seen_at < now() - interval '1 hour' OR k.last_seen_at = k.created_at)
)
SELECT user_id, id, scopes FROM known
"""


def make_token() -> str:
    """A new one; whoever has it is its person, as far as its scopes go."""
    return PREFIX + token_urlsafe(32)


def is_personal(token: str) -> bool:
    """By its form: whether it may be one of these, and never a JWT."""
    return token.startswith(PREFIX)


def hash_of(token: str) -> bytes:
    """What is stored of it."""
    return sha256(token.encode()).digest()


def claims_of(where: Engine | Connection, token: str) -> Claims | None:
    """Whose token it is, if it lives; None for what is none of ours."""
    if not FORM.fullmatch(token):
        return None
    rows = fetch(where, CLAIMS, (hash_of(token),))
    return Claims(rows[0][0], rows[0][1], frozenset(rows[0][2])) if rows else None
