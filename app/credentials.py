"""The token pair of a session, as sign-up, sign-in and refresh answer it."""

from flask import request
from flask_jwt_extended import create_access_token

from app.services import services
from fechatter.models import Session as SignIn
from fechatter.models import User
from fechatter.shapes import Shape, user_shape
from fechatter.text import printable
from fechatter.tokens import ACCESS_LIFETIME

LONGEST_DEVICE = 200


def tokens_shape(sign_in: SignIn) -> Shape:
    """A fresh access token and the session's unspent refresh token."""
    return {
        "access_token": create_access_token(str(sign_in.user_id), additional_claims={"sid": sign_in.id}),
        "refresh_token": services().refresh_tokens.write(sign_in),
        "token_type": "Bearer",
        "expires_in": int(ACCESS_LIFETIME.total_seconds()),
    }


def signed_in_shape(user: User, sign_in: SignIn) -> Shape:
    return {"user": user_shape(user)} | tokens_shape(sign_in)


def device() -> str:
    """What the client calls itself."""
    return printable(request.user_agent.string, LONGEST_DEVICE) or "unknown"
