"""The places where a person is signed in."""

from sqlalchemy.orm import Session

from app.answers import answers
from app.auth import current_caller, signed_in
from app.blueprint import Blueprint
from app.limited import fetching, limited
from app.schemas.accounts import SessionSchema
from app.schemas.fields import listed
from app.transaction import reading, transactional
from fechatter.actions.sessions import end_session
from fechatter.queries.sessions import sessions_of
from fechatter.shapes import Shape

blueprint = Blueprint("sessions", __name__, url_prefix="/api/auth/sessions", description="Where one is signed in")


@blueprint.route("")
@signed_in
@fetching
@answers(200, listed(SessionSchema))
@reading
def list_sessions(session: Session) -> Shape:
    """Every session of the account, last seen first, in one page"""
    return {"items": sessions_of(session, current_caller()), "next_cursor": None}


@blueprint.route("/<id:session_id>", methods=["DELETE"])
@signed_in
@limited("ending sessions")
@answers(204)
@transactional
def delete_session(session: Session, session_id: int) -> None:
    """End one, its tokens and its streams"""
    end_session(session, current_caller().user_id, session_id, "revoked")
