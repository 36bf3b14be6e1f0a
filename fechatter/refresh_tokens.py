"""Refresh tokens: `<session>.<generation>.<mac>`, derived from the session's nonce, so that none is ever stored.

Whoever can read the database alone cannot make one: the MAC's key is derived from SECRET_KEY.
"""

import re
from base64 import urlsafe_b64encode
from hashlib import sha256
from hmac import compare_digest
from hmac import digest as hmac
from typing import NamedTuple

from fechatter.derived_keys import derived_key
from fechatter.models import Session as SignIn

FORM = re.compile(r"([1-9][0-9]{0,18})\.([1-9][0-9]{0,18})\.([A-Za-z0-9_-]{43})")
LARGEST = 2**63 - 1


class Presented(NamedTuple):
    """What a client sent, not yet known to be true."""

    session_id: int
    generation: int
    text: str


class RefreshTokens:
    def __init__(self, secret_key: str) -> None:
        self._key = derived_key(secret_key, "refresh tokens")

    def write(self, sign_in: SignIn, generation: int | None = None) -> str:
        """The session's unspent token, or that of another generation."""
        number = generation or sign_in.generation
        message = b"%d|%d|%b" % (sign_in.id, number, bytes(sign_in.nonce))
        mac = urlsafe_b64encode(hmac(self._key, message, sha256)).rstrip(b"=").decode()
        return f"{sign_in.id}.{number}.{mac}"

    def read(self, text: str) -> Presented | None:
        """None for what cannot be one of ours."""
        match = FORM.fullmatch(text)
        if match is None or max(numbers := (int(match[1]), int(match[2]))) > LARGEST:
            return None
        return Presented(*numbers, text)

    def is_ours(self, presented: Presented, sign_in: SignIn) -> bool:
        """Whether we made it for this session, spent or not."""
        return compare_digest(self.write(sign_in, presented.generation), presented.text)
