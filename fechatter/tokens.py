"""Access tokens: what web signs and notify checks, as settings and claims that both share."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal, NamedTuple, get_args

from fechatter.config import Config

ISSUER = "fechatter"
AUDIENCE = "fechatter-api"
ACCESS_LIFETIME = timedelta(minutes=15)
CLOCK_SKEW = timedelta(seconds=10)
LARGEST_ID = 2**63 - 1


Scope = Literal["read", "write", "manage"]
"""What a personal access token may be good for. `read`: all that is shown, and the stream. `write`: posting, reading
pointers, typing, joining and leaving chats. `manage`: chats, members, workspaces and invitations."""

SCOPES: tuple[Scope, ...] = get_args(Scope)


class Claims(NamedTuple):
    """Whom a token names; whether that session still lives is for its row to say. `scopes`: None of who has signed in,
    and so may do all that this person may."""

    user_id: int
    session_id: int
    scopes: frozenset[str] | None = None

    def reach(self, scope: Scope | None) -> bool:
        """Whether they are enough for what wants this scope; with None, for what is left to who has signed in."""
        return self.scopes is None or scope in self.scopes


def jwt_settings(config: Config) -> dict[str, Any]:
    """For flask-jwt-extended. A key object, not PEM: nothing is parsed again with each request. Public keys are chosen
    for each token (`frame/bearer.py`)."""
    return {
        "JWT_ALGORITHM": "EdDSA",
        "JWT_DECODE_ALGORITHMS": ["EdDSA"],
        "JWT_PRIVATE_KEY": config.private_key,
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
    this check as the `decode_key_loader`, which sees the payload as it came (see `frame/bearer.py`)."""
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
