"""Personal access tokens, which bots use in place of a password. No such token sees or makes another."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.answers import answers
from app.auth import current_caller, signed_in
from app.blueprint import Blueprint
from app.limited import fetching, limited
from app.schemas.fields import listed
from app.schemas.tokens import CreatedTokenSchema, NewToken, PersonalTokenSchema
from app.transaction import reading, transactional
from fechatter.actions import tokens as actions
from fechatter.queries.tokens import token_shape, tokens_of
from fechatter.shapes import Shape

blueprint = Blueprint("tokens", __name__, url_prefix="/api/auth/tokens", description="Personal access tokens, for bots")


@blueprint.route("")
@signed_in
@fetching
@answers(200, listed(PersonalTokenSchema))
@reading
def list_tokens(session: Session) -> Shape:
    """One's personal access tokens, newest first, in one page

    The tokens themselves are not shown again.
    """
    return {"items": tokens_of(session, current_caller().user_id), "next_cursor": None}


@blueprint.route("", methods=["POST"])
@signed_in
@limited("tokens")
@blueprint.arguments(NewToken)
@answers(201, CreatedTokenSchema, refuses=(409,))
@transactional
def create_token(session: Session, body: dict[str, Any]) -> Shape:
    """Make a personal access token

    It acts as the account, as far as its scopes go, until it expires or is ended. There are at most 50.
    """
    lifetime = timedelta(seconds=body["expires_in"])
    row, token = actions.create_token(session, current_caller(), body["name"], body["scopes"], lifetime)
    return token_shape(row) | {"token": token}


@blueprint.route("/<id:token_id>", methods=["DELETE"])
@signed_in
@limited("ending sessions")
@answers(204)
@transactional
def delete_token(session: Session, token_id: int) -> None:
    """End a personal access token, and its streams"""
    actions.end_token(session, current_caller(), token_id)
