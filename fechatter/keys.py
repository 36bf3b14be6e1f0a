"""New secrets for an installation."""

import secrets

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat


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
