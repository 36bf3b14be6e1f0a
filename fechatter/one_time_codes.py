"""Codes of authenticators (TOTP, RFC 6238: SHA-1, 6 digits, 30 seconds), and recovery codes that stand in for them.

The few lines of it are here and not in a library: those compare a code, but do not tell which step it was, without
which none can be good only once.
"""

import re
from base64 import b32encode
from hashlib import sha256
from hmac import compare_digest
from hmac import digest as hmac
from secrets import token_bytes
from urllib.parse import quote

STEP = 30
"""Seconds."""

SLACK = 1
"""Steps that a clock may be off, either way."""

SIX_DIGITS = re.compile(r"[0-9]{6}")
ISSUER = "Fechatter"
RECOVERY_CODES = 10


def new_secret() -> bytes:
    return token_bytes(20)


def shown_secret(secret: bytes) -> str:
    """As one types it into an authenticator."""
    return b32encode(secret).decode()


def otpauth_url(secret: bytes, email: str) -> str:
    """As an authenticator reads it off a QR code."""
    label = quote(f"{ISSUER}:{email}", safe="")
    values = f"secret={shown_secret(secret)}&issuer={ISSUER}&algorithm=SHA1&digits=6&period={STEP}"
    return f"otpauth://totp/{label}?{values}"


def code_at(secret: bytes, step: int) -> str:
    mac = hmac(secret, step.to_bytes(8, "big"), "sha1")
    offset = mac[-1] & 15
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def step_of(secret: bytes, code: str, now: float, after: int) -> int | None:
    """The step whose code this is, if that is about the present one and comes behind `after`, the last one used."""
    present = int(now) // STEP
    steps = range(present - SLACK, present + SLACK + 1)
    fitting = [step for step in steps if compare_digest(code_at(secret, step), code) and step > after]
    return fitting[0] if fitting else None


def plain(typed: str) -> str:
    """A code as a person has typed it, with space, dashes and case as they come."""
    return re.sub(r"[\s-]", "", typed).lower()


def new_recovery_codes() -> list[str]:
    """80 random bits each: too many to try, even for who has read their hashes."""
    return ["-".join(re.findall("....", b32encode(token_bytes(10)).decode().lower())) for _ in range(RECOVERY_CODES)]


def recovery_hash(code: str) -> bytes:
    """What is stored of a recovery code; of a plain one."""
    return sha256(b"recovery code " + code.encode("utf-8", "surrogatepass")).digest()
