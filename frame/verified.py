"""Remembers the tokens that this process has verified, so that a client's next request costs no signature again."""

from threading import Lock
from time import time

from fechatter.tokens import Claims

MOST = 10_000
"""Tokens, of some 400 bytes each."""


class VerifiedTokens:
    """A signature stays good until its token expires, and whose a personal access token is never changes; whether the
    session still lives is for its row to say, each time.

    The whole token is the key: what differs from it in a byte is verified anew. Safe for threads.
    """

    def __init__(self) -> None:
        self._claims: dict[str, tuple[Claims, float]] = {}
        self._lock = Lock()

    def claims_of(self, token: str) -> Claims | None:
        claims, until = self._claims.get(token, (None, 0.0))
        return claims if until > time() else None

    def remember(self, token: str, claims: Claims, until: float) -> None:
        """`until`: in seconds since 1970."""
        with self._lock:
            while len(self._claims) >= MOST:
                del self._claims[next(iter(self._claims))]
            self._claims[token] = (claims, until)
