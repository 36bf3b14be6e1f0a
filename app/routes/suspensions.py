"""Suspending people from a workspace."""

from typing import Any

from sqlalchemy.orm import Session

from app.answers import answers
from app.auth import current_caller, signed_in
from app.blueprint import Blueprint
from app.limited import fetching, limited
from app.pagination import Paging, page, read_key
from app.schemas.fields import listed
from app.schemas.moderation import NewSuspension, SuspensionSchema
from app.transaction import reading, transactional
from fechatter.actions import suspensions as actions
from fechatter.queries import suspensions as queries
from fechatter.shapes import Shape

blueprint = Blueprint(
    "suspensions", __name__, url_prefix="/api/workspaces", description="Who may not be in a workspace for now"
)


@blueprint.route("/<id:workspace_id>/suspensions")
@signed_in(scope="read")
@fetching
@blueprint.arguments(Paging, location="query")
@answers(200, listed(SuspensionSchema), refuses=(403,))
@reading
def list_suspensions(session: Session, query: dict[str, Any], workspace_id: int) -> Shape:
    """The people who are suspended from a workspace

    For its owners and admins.
    """
    (after,) = read_key(query.get("cursor"), int) or (0,)
    rows = queries.suspensions(session, current_caller().user_id, workspace_id, after, query["limit"] + 1)
    return page(rows, query["limit"], key=lambda one: (one["user_id"],), shape=lambda one: one)


@blueprint.route("/<id:workspace_id>/suspensions", methods=["POST"])
@signed_in(scope="manage")
@limited("changing")
@blueprint.arguments(NewSuspension)
@answers(201, SuspensionSchema, also=(200,), refuses=(403,))
@transactional
def create_suspension(session: Session, body: dict[str, Any], workspace_id: int) -> tuple[Shape, int]:
    """Suspend somebody from a workspace

    A removal that no invitation undoes until it is lifted. For owners and admins, of people below their own role, and
    of who has left or was removed in the last days. Suspending again is a 200 and changes nothing.
    """
    other_id = body["user_id"]
    _, is_new = actions.suspend(session, current_caller().user_id, workspace_id, other_id, body["reason"])
    return queries.suspension_of(session, workspace_id, other_id), 201 if is_new else 200


@blueprint.route("/<id:workspace_id>/suspensions/<id:user_id>", methods=["DELETE"])
@signed_in(scope="manage")
@limited("changing")
@answers(204, refuses=(403,))
@transactional
def delete_suspension(session: Session, workspace_id: int, user_id: int) -> None:
    """Lift a suspension

    Who was a member is one again, with the role and in the groups and channels of before, as far as they still stand.
    """
    actions.unsuspend(session, current_caller().user_id, workspace_id, user_id)
