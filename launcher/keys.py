"""Secrets that a data folder keeps: each made once and readable by its owner only."""

import secrets
from pathlib import Path

from launcher.paths import write_private


def kept_secret(file: Path) -> str:
    """The random word that this file keeps, safe in a URL; made at the first call."""
    if not file.exists():
        write_private(file, secrets.token_urlsafe(32) + "\n")
    return file.read_text().strip()


def kept_keys(folder: Path) -> dict[str, str]:
    """What the doors need to know each other: JWT_PRIVATE_KEY, JWT_PUBLIC_KEY and SECRET_KEY."""
    private, public = folder / "jwt-private.pem", folder / "jwt-public.pem"
    if not (private.exists() and public.exists()):
        _make_pair(private, public)
    return {
        "JWT_PRIVATE_KEY": private.read_text(),
        "JWT_PUBLIC_KEY": public.read_text(),
        "SECRET_KEY": kept_secret(folder / "secret-key"),
    }


def _make_pair(private_file: Path, public_file: Path) -> None:
    """To a private key that is there already, the public one."""
    # Here, since bin/dev would carry it as long as it runs.
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
    from cryptography.hazmat.primitives.serialization import load_pem_private_key as load

    if not private_file.exists():
        made = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        write_private(private_file, made.decode())
    public = load(private_file.read_bytes(), None).public_key()
    write_private(public_file, public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())
