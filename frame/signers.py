"""Which of our keys has signed an access token."""

from base64 import urlsafe_b64decode
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Keys = Mapping[str, Ed25519PublicKey]


def signer_of(token: str, header: Mapping[str, Any], keys: Keys) -> Ed25519PublicKey | None:
    """The key that the token's `kid` names, to verify it by; nothing is ever fetched or opened by that name.

    A token without one was signed before there were names: then the key that has signed it.
    """
    if "kid" not in header:
        return next((key for key in keys.values() if _has_signed(key, token)), None)
    kid = header["kid"]
    return keys.get(kid) if isinstance(kid, str) else None


def _has_signed(key: Ed25519PublicKey, token: str) -> bool:
    signed, _, signature = token.rpartition(".")
    try:
        key.verify(urlsafe_b64decode(signature + "=="), signed.encode())
    except (InvalidSignature, ValueError):
        return False
    return True
