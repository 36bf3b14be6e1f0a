"""Access tokens on their way in, the same check at every HTTP door: JWTs of who has signed in, and personal ones."""

import re
from collections.abc import Mapping
from time import time
from typing import Any

from flask import Flask, current_app, g, request
from flask_jwt_extended import JWTManager, get_jwt, verify_jwt_in_request
from flask_jwt_extended.exceptions import JWTExtendedException, NoAuthorizationError
from jwt.exceptions import ExpiredSignatureError, InvalidTokenError, PyJWTError

from fechatter.config import Config
from fechatter.errors import InsufficientScope, SessionEnded, SignInNeeded
from fechatter.keys import key_id
from fechatter.limits import address_key
from fechatter.personal_tokens import claims_of, is_personal
from fechatter.tokens import CLOCK_SKEW, Claims, Scope, jwt_settings, read_claims
from frame.signers import signer_of
from frame.verified import VerifiedTokens

# The signature's reader would skip whatever is not base64 in it, and flask-jwt-extended whatever stands behind a comma.
ONE_TOKEN = re.compile(r"Bearer +([A-Za-z0-9_.-]{1,4096})")

KNOWN_FOR = 60.0
"""Seconds in which a personal access token that has been looked up is not looked up again."""


def init_bearer(app: Flask, config: Config, remember: bool = True) -> None:
    """`remember`: whether clients come again and again with the same token."""
    app.config.update(jwt_settings(config))
    app.extensions["verified_tokens"] = VerifiedTokens() if remember else None
    manager = JWTManager(app)
    if config.private_key is not None:
        kid = key_id(config.private_key.public_key())
        manager.additional_headers_loader(lambda identity: {"kid": kid})

    @manager.decode_key_loader
    def key_for(header: Mapping[str, Any], payload: Mapping[str, Any]) -> Any:
        # The one place that sees the payload before flask-jwt-extended has filled in what it lacks.
        if read_claims(payload) is None:
            raise InvalidTokenError("a claim is missing")
        key = signer_of(_given_token(), header, config.public_keys)
        if key is None:
            raise InvalidTokenError("no key of ours has signed this")
        return key


def verified_claims(scope: Scope | None = None) -> Claims:
    """The claims of this request's access token. With None, a personal one is never enough.

    They also stay in `g.claims`, for limits and the log. Raises SignInNeeded (unauthorized, token_expired, bad_token),
    InsufficientScope, TooMany.
    """
    token, verified = _given_token(), current_app.extensions["verified_tokens"]
    claims: Claims | None = verified.claims_of(token) if verified else None
    if claims is None:
        claims, until = _look_up(token) if is_personal(token) else _verify()
        if verified:
            verified.remember(token, claims, until)
    g.claims = claims
    if not claims.reach(scope):
        raise InsufficientScope
    return claims


def _given_token() -> str:
    header = request.headers.get("Authorization", "")
    if given := ONE_TOKEN.fullmatch(header):
        return given[1]
    raise bad_token() if header.startswith("Bearer") else SignInNeeded()


def _look_up(token: str) -> tuple[Claims, float]:
    """Of a personal access token. Whoever makes tokens up at an address shuts out those that come there for the first
    time, and no bot that is at work."""
    here, place = current_app.extensions["fechatter"], address_key(request.remote_addr)
    if not here.known_places.know(token, place):
        here.limiter.check("wrong tokens", place)
    claims = claims_of(here.engine, token)
    if claims is None:
        here.limiter.hit("wrong tokens", place)
        raise bad_token()
    here.known_places.remember(token, place)
    return claims, time() + KNOWN_FOR


def _verify() -> tuple[Claims, float]:
    """The claims of a JWT, and until when they are good."""
    try:
        verify_jwt_in_request()
        payload = get_jwt()
        claims = read_claims(payload)
    except NoAuthorizationError as error:
        raise SignInNeeded from error
    except ExpiredSignatureError as error:
        raise SignInNeeded("token_expired", "The access token has expired; refresh it.") from error
    except (JWTExtendedException, PyJWTError) as error:
        raise bad_token() from error
    if claims is None:
        raise bad_token()
    return claims, payload["exp"] + CLOCK_SKEW.total_seconds()


def bad_token() -> SignInNeeded:
    return SessionEnded()
