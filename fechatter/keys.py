"""An installation's secrets: new ones, its keys from PEM, and the names that tokens call them by."""

import re
import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256

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

BLOCK = re.compile(rb"-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----", re.DOTALL)


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


def read_public_keys(pem: bytes) -> dict[str, Ed25519PublicKey]:
    """Those that stand in it one after the other, by their names; none if anything else stands there too."""
    if BLOCK.sub(b"", pem).strip():
        return {}
    keys = [_read_public_key(block) for block in BLOCK.findall(pem)]
    return {key_id(key): key for key in keys if key} if all(keys) else {}


def _read_public_key(pem: bytes) -> Ed25519PublicKey | None:
    """None for what is none of this kind."""
    try:
        key = load_pem_public_key(pem)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, Ed25519PublicKey) else None


def key_id(key: Ed25519PublicKey) -> str:
    """What a token calls the key that has signed it: its thumbprint by RFC 7638, which needs no agreement."""
    x = _base64url(key.public_bytes(Encoding.Raw, PublicFormat.Raw))
    return _base64url(sha256(b'{"crv":"Ed25519","kty":"OKP","x":"%b"}' % x.encode()).digest())


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
