"""The log of security-relevant acts."""

from typing import Any

from sqlalchemy.orm import Session

from app.answers import answers
from app.auth import current_caller, signed_in
from app.blueprint import Blueprint
from app.limited import fetching
from app.pagination import Paging, page, read_key
from app.schemas.fields import LARGEST_ID, listed
from app.schemas.moderation import AuditEntrySchema, AuditQuery
from app.transaction import reading
from fechatter.queries.audit import Wanted, account_audit, workspace_audit
from fechatter.shapes import Shape

blueprint = Blueprint("audit", __name__, url_prefix="/api", description="Who did what, when, from where")

AuditPage = listed(AuditEntrySchema)


@blueprint.route("/workspaces/<id:workspace_id>/audit")
@signed_in(scope="read")
@fetching
@blueprint.arguments(AuditQuery, location="query")
@answers(200, AuditPage, refuses=(403,))
@reading
def list_workspace_audit(session: Session, query: dict[str, Any], workspace_id: int) -> Shape:
    """The security-relevant acts in a workspace, newest first

    For its owners. What is done in chats that are not public is not in it.
    """
    (before,) = read_key(query.get("cursor"), int) or (LARGEST_ID,)
    wanted = Wanted(query.get("action"), query.get("actor_id"))
    rows = workspace_audit(session, current_caller().user_id, workspace_id, wanted, before, query["limit"] + 1)
    return _page(rows, query["limit"])


@blueprint.route("/auth/audit")
@signed_in
@fetching
@blueprint.arguments(Paging, location="query")
@answers(200, AuditPage)
@reading
def list_own_audit(session: Session, query: dict[str, Any]) -> Shape:
    """The security-relevant acts of one's own account, newest first"""
    (before,) = read_key(query.get("cursor"), int) or (LARGEST_ID,)
    return _page(account_audit(session, current_caller().user_id, before, query["limit"] + 1), query["limit"])


def _page(rows: list[Shape], limit: int) -> Shape:
    return page(rows, limit, key=lambda entry: (entry["id"],), shape=lambda entry: entry)
