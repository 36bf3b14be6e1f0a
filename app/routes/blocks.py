"""Blocking people."""

from typing import Any

from sqlalchemy.orm import Session

from app.answers import answers
from app.auth import current_caller, signed_in
from app.blueprint import Blueprint
from app.limited import fetching, limited
from app.pagination import Paging, page, read_key
from app.schemas.fields import listed
from app.schemas.moderation import BlockSchema, NewBlock
from app.transaction import reading, transactional
from fechatter.actions import blocks as actions
from fechatter.queries.blocks import block_shape, blocks_of
from fechatter.shapes import Shape

blueprint = Blueprint("blocks", __name__, url_prefix="/api/users/me/blocks", description="Whom one has blocked")


@blueprint.route("")
@signed_in(scope="read")
@fetching
@blueprint.arguments(Paging, location="query")
@answers(200, listed(BlockSchema))
@reading
def list_blocks(session: Session, query: dict[str, Any]) -> Shape:
    """Whom one has blocked"""
    (after,) = read_key(query.get("cursor"), int) or (0,)
    rows = blocks_of(session, current_caller().user_id, after, query["limit"] + 1)
    return page(rows, query["limit"], key=lambda one: (one["user_id"],), shape=lambda one: one)


@blueprint.route("", methods=["POST"])
@signed_in(scope="manage")
@limited("changing")
@blueprint.arguments(NewBlock)
@answers(201, BlockSchema, also=(200,), refuses=(404, 409))
@transactional
def create_block(session: Session, body: dict[str, int]) -> tuple[Shape, int]:
    """Block somebody

    Closes the single of the two, and keeps each from adding the other to chats; nobody is told. Blocking again is a
    200 and changes nothing.
    """
    made, is_new = actions.block(session, current_caller().user_id, body["user_id"])
    return block_shape(made), 201 if is_new else 200


@blueprint.route("/<id:user_id>", methods=["DELETE"])
@signed_in(scope="manage")
@limited("changing")
@answers(204)
@transactional
def delete_block(session: Session, user_id: int) -> None:
    """Take a block back"""
    actions.unblock(session, current_caller().user_id, user_id)
