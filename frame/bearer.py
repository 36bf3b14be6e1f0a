"""Access tokens on their way in, the same check at every HTTP door."""

import re
from collections.abc import Mapping
from typing import Any

from flask import Flask, current_app, g, request
from flask_jwt_extended import JWTManager, get_jwt, verify_jwt_in_request
from flask_jwt_extended.exceptions import JWTExtendedException, NoAuthorizationError
from jwt.exceptions import ExpiredSignatureError, InvalidTokenError, PyJWTError

from fechatter.config import Config
from fechatter.errors import SessionEnded, SignInNeeded
from fechatter.tokens import Claims, jwt_settings, read_claims
from frame.verified import VerifiedTokens

# The signature's reader would skip whatever is not base64 in it, and flask-jwt-extended whatever stands behind a comma.
ONE_TOKEN = re.compile(r"Bearer +([A-Za-z0-9_.-]{1,4096})")


def init_bearer(app: Flask, config: Config, remember: bool = True) -> None:
    """`remember`: whether clients come again and again with the same token."""
    app.config.update(jwt_settings(config))
    app.extensions["verified_tokens"] = VerifiedTokens() if remember else None
    manager = JWTManager(app)

    @manager.decode_key_loader
    def key_for(header: Mapping[str, Any], payload: Mapping[str, Any]) -> Any:
        # The one place that sees the payload before flask-jwt-extended has filled in what it lacks.
        if read_claims(payload) is None:
            raise InvalidTokenError("a claim is missing")
        return config.public_key


def verified_claims() -> Claims:
    """The claims of this request's access token. Raises SignInNeeded (unauthorized, token_expired, bad_token).

    They also stay in `g.claims`, for limits and the log.
    """
    token, verified = _given_token(), current_app.extensions["verified_tokens"]
    claims: Claims | None = verified.claims_of(token) if verified else None
    if claims is None:
        claims = _verify()
        if verified:
            verified.remember(token, claims, get_jwt()["exp"])
    g.claims = claims
    return claims


def _given_token() -> str:
    header = request.headers.get("Authorization", "")
    if given := ONE_TOKEN.fullmatch(header):
        return given[1]
    raise bad_token() if header.startswith("Bearer") else SignInNeeded()


def _verify() -> Claims:
    try:
        verify_jwt_in_request()
        claims = read_claims(get_jwt())
    except NoAuthorizationError as error:
        raise SignInNeeded from error
    except ExpiredSignatureError as error:
        raise SignInNeeded("token_expired", "The access token has expired; refresh it.") from error
    except (JWTExtendedException, PyJWTError) as error:
        raise bad_token() from error
    if claims is None:
        raise bad_token()
    return claims


def bad_token() -> SignInNeeded:
    return SessionEnded()
