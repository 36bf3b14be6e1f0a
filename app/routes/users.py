"""Oneself, and the people with whom one shares a workspace."""

from typing import Any

from sqlalchemy.orm import Session

from app.answers import answers
from app.auth import current_caller, signed_in
from app.blueprint import Blueprint
from app.limited import fetching, limited
from app.schemas.accounts import OwnUserSchema, ProfileSchema, UserSchema
from app.transaction import reading, transactional
from fechatter.access import user_for
from fechatter.actions.accounts import change_profile
from fechatter.shapes import Shape, own_user_shape, user_shape

blueprint = Blueprint("users", __name__, url_prefix="/api/users", description="People")


@blueprint.route("/me")
@signed_in(scope="read")
@fetching
@answers(200, OwnUserSchema)
@reading
def show_me(session: Session) -> Shape:
    """The account that asks"""
    me = current_caller().user_id
    return own_user_shape(user_for(session, me, me))


@blueprint.route("/me", methods=["PATCH"])
@signed_in
@limited("changing")
@blueprint.arguments(ProfileSchema)
@answers(200, OwnUserSchema)
@transactional
def change_me(session: Session, body: dict[str, Any]) -> Shape:
    """Change one's name or picture"""
    me = current_caller().user_id
    return own_user_shape(change_profile(session, user_for(session, me, me), body))


@blueprint.route("/<id:user_id>")
@signed_in(scope="read")
@fetching
@answers(200, UserSchema)
@reading
def show_user(session: Session, user_id: int) -> Shape:
    """Someone with whom a workspace is shared"""
    return user_shape(user_for(session, current_caller().user_id, user_id))
