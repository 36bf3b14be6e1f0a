"""Access tokens: what web signs and notify checks, as settings and claims that both share."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from fechatter.config import Config

ISSUER = "fechatter"
AUDIENCE = "fechatter-api"
ACCESS_LIFETIME = timedelta(minutes=15)
CLOCK_SKEW = timedelta(seconds=10)
LARGEST_ID = 2**63 - 1


class Claims(NamedTuple):
    """Whom a token names; whether that session still lives is for its row to say."""

    user_id: int
    session_id: int


def jwt_settings(config: Config) -> dict[str, Any]:
    """For flask-jwt-extended. Key objects, not PEM: nothing is parsed again with each request."""
    return {
        "JWT_ALGORITHM": "EdDSA",
        "JWT_DECODE_ALGORITHMS": ["EdDSA"],
        "JWT_PRIVATE_KEY": config.private_key,
        "JWT_PUBLIC_KEY": config.public_key,
        "JWT_ACCESS_TOKEN_EXPIRES": ACCESS_LIFETIME,
        "JWT_ENCODE_ISSUER": ISSUER,
        "JWT_DECODE_ISSUER": ISSUER,
        "JWT_ENCODE_AUDIENCE": AUDIENCE,
        "JWT_DECODE_AUDIENCE": AUDIENCE,
        "JWT_DECODE_LEEWAY": CLOCK_SKEW,
        "JWT_ENCODE_NBF": False,
        "JWT_COOKIE_CSRF_PROTECT": False,
        "JWT_TOKEN_LOCATION": ("headers",),
    }


def read_claims(payload: Mapping[str, Any]) -> Claims | None:
    """The claims of an access token as it was signed, or None if one that we always sign is missing or of another
    form. flask-jwt-extended lets tokens pass without `exp`, `jti` and `type`, and fills in what is missing: give it
    this check as the `decode_key_loader`, which sees the payload as it came (see `app/auth.py`)."""
    subject, session_id = payload.get("sub"), payload.get("sid")
    whole = (
        payload.get("iss") == ISSUER
        and payload.get("aud") == AUDIENCE
        and payload.get("type") == "access"
        and isinstance(payload.get("jti"), str)
        and all(type(payload.get(name)) is int for name in ("iat", "exp", "sid"))
        and isinstance(subject, str)
    )
    if not whole or not isinstance(subject, str) or not isinstance(session_id, int):
        return None
    user_id = int(subject) if subject.isascii() and subject.isdigit() and len(subject) < 20 else 0
    if not (1 <= user_id <= LARGEST_ID and 1 <= session_id <= LARGEST_ID):
        return None
    return Claims(user_id, session_id)
