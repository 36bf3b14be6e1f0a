"""Secrets that a data folder keeps: each made once and readable by its owner only."""

import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from launcher.paths import write_private


def kept_secret(file: Path) -> str:
    """The random word that this file keeps, safe in a URL; made at the first call."""
    if not file.exists():
        write_private(file, secrets.token_urlsafe(32) + "\n")
    return file.read_text().strip()


def kept_keys(folder: Path) -> dict[str, str]:
    """What the doors need to know each other: JWT_PRIVATE_KEY, JWT_PUBLIC_KEY and SECRET_KEY."""
    private_file = folder / "jwt-private.pem"
    if not private_file.exists():
        write_private(private_file, _private_pem())
    private = private_file.read_text()
    public = load_pem_private_key(private.encode(), None).public_key()
    return {
        "JWT_PRIVATE_KEY": private,
        "JWT_PUBLIC_KEY": public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
        "SECRET_KEY": kept_secret(folder / "secret-key"),
    }


def _private_pem() -> str:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
