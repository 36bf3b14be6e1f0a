"""Secrets that must be read again, and so cannot be hashed: encrypted in the database, by a key that is not there."""

from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fechatter.derived_keys import derived_key

NONCE = 12
"""Bytes, as AES-GCM wants; at random, since one key seals few."""


class SecondFactorBox:
    """Seals what authenticators share with us. What was sealed for one person opens for no other."""

    def __init__(self, secret_key: str) -> None:
        self._cipher = AESGCM(derived_key(secret_key, "second factors"))

    def seal(self, secret: bytes, user_id: int) -> bytes:
        nonce = token_bytes(NONCE)
        return nonce + self._cipher.encrypt(nonce, secret, _owner(user_id))

    def open(self, sealed: bytes, user_id: int) -> bytes | None:
        """None for what was sealed for another, under another SECRET_KEY, or has been touched."""
        try:
            return self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], _owner(user_id))
        except (InvalidTag, ValueError):
            return None


def _owner(user_id: int) -> bytes:
    return b"user %d" % user_id
