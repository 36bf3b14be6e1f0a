"""Keys that are derived from SECRET_KEY: each for one purpose, so that what is made for one is good for no other."""

from hashlib import sha256
from hmac import digest as hmac
from typing import Literal

Purpose = Literal["refresh tokens", "second factors"]

PURPOSES: dict[Purpose, bytes] = {
    "refresh tokens": b"fechatter refresh tokens 1",
    "second factors": b"fechatter second factors 1",
}
"""All there are. Changing one makes all that was made with it void."""


def derived_key(secret_key: str, purpose: Purpose) -> bytes:
    """256 bits. Whoever has it learns nothing of SECRET_KEY, nor of the keys for other purposes."""
    return hmac(secret_key.encode(), PURPOSES[purpose], sha256)
