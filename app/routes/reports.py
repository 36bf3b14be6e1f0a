"""Reporting messages, and settling the reports of a workspace."""

from typing import Any

from sqlalchemy.orm import Session

from app.answers import answers
from app.auth import current_caller, may_read, signed_in
from app.blueprint import Blueprint
from app.limited import fetching, limited
from app.pagination import page, read_key
from app.schemas.fields import LARGEST_ID, listed
from app.schemas.moderation import NewReport, ReportChange, ReportQuery, ReportSchema
from app.transaction import reading, transactional
from fechatter.actions import reports as actions
from fechatter.models import Report
from fechatter.queries.reports import report_shape, reports
from fechatter.shapes import Shape

blueprint = Blueprint("reports", __name__, url_prefix="/api", description="Messages that were reported")


@blueprint.route("/messages/<id:message_id>/reports", methods=["POST"])
@signed_in(scope="manage")
@limited("reporting")
@blueprint.arguments(NewReport)
@answers(201, ReportSchema, also=(200,), refuses=(403, 409))
@transactional
def create_report(session: Session, body: dict[str, str], message_id: int) -> tuple[Shape, int]:
    """Report a message to the workspace's owners and admins

    They get a copy of its text, also of a chat that they are not in. Reporting it again is a 200 with the first report.
    """
    report, is_new = actions.report_message(session, current_caller().user_id, message_id, body["reason"])
    return _answer(report), 201 if is_new else 200


@blueprint.route("/workspaces/<id:workspace_id>/reports")
@signed_in(scope="read")
@fetching
@blueprint.arguments(ReportQuery, location="query")
@answers(200, listed(ReportSchema), refuses=(403,))
@reading
def list_reports(session: Session, query: dict[str, Any], workspace_id: int) -> Shape:
    """The messages of a workspace that were reported, newest report first

    For its owners and admins.
    """
    (before,) = read_key(query.get("cursor"), int) or (LARGEST_ID,)
    resolved = {"true": True, "false": False}.get(query.get("resolved", ""))
    rows = reports(session, current_caller().user_id, workspace_id, resolved, before, query["limit"] + 1)
    return page(rows, query["limit"], key=lambda report: (report["id"],), shape=lambda report: report)


@blueprint.route("/workspaces/<id:workspace_id>/reports/<id:report_id>", methods=["PATCH"])
@signed_in(scope="manage")
@limited("changing")
@blueprint.arguments(ReportChange)
@answers(200, ReportSchema, refuses=(403,))
@transactional
def change_report(session: Session, body: dict[str, bool], workspace_id: int, report_id: int) -> Shape:
    """Resolve a report, or open it again

    For the workspace's owners and admins.
    """
    me = current_caller().user_id
    return _answer(actions.settle_report(session, me, workspace_id, report_id, body["resolved"]))


def _answer(report: Report) -> Shape:
    """To a call that reads nothing."""
    shape = report_shape(report)
    return shape if may_read() else shape | {"content": None}
