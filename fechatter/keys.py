"""An installation's secrets: new ones, and its keys from PEM."""

import secrets

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)


def make_keys() -> dict[str, str]:
    """A pair to sign and check access tokens with, and a secret key; PEM on one line, as `read_config` takes it."""
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return {
        "JWT_PRIVATE_KEY": _one_line(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())),
        "JWT_PUBLIC_KEY": _one_line(public),
        "SECRET_KEY": secrets.token_urlsafe(48),
    }


def _one_line(pem: bytes) -> str:
    return pem.decode().replace("\n", "\\n")


def read_private_key(pem: bytes) -> Ed25519PrivateKey | None:
    """None for what is none of this kind."""
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, Ed25519PrivateKey) else None


def read_public_key(pem: bytes) -> Ed25519PublicKey | None:
    """None for what is none of this kind."""
    try:
        key = load_pem_public_key(pem)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, Ed25519PublicKey) else None
