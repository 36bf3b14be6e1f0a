"""The way to the stream, which notify serves under an address of its own."""

from urllib.parse import urlencode

from flask import Response, redirect, request

from app.answers import answers
from app.auth import current_caller, security, signed_in
from app.blueprint import Blueprint, mentions
from app.limited import address, limited, spend
from app.schemas.accounts import TicketSchema
from app.schemas.stream import ANSWERS, StreamHeaders, StreamQuery
from app.services import services
from app.transaction import in_transaction
from fechatter.actions.tickets import issue_ticket
from fechatter.shapes import Shape
from fechatter.tickets import LIFETIME
from frame.bearer import verified_claims

blueprint = Blueprint("notifications", __name__, url_prefix="/api/notifications", description="The event stream")


@blueprint.route("/tickets", methods=["POST"])
@signed_in(scope="read")
@limited("tickets")
@answers(201, TicketSchema)
def create_ticket() -> Shape:
    """A ticket that opens one stream, once, within 30 seconds

    For browsers, whose EventSource cannot send `Authorization`: pass it as `?ticket=` instead.
    """
    return {"ticket": _ticket(), "expires_in": LIFETIME}


def _ticket() -> str:
    """Notify expects it where it was given out, however many wrong ones come from there."""
    ticket = in_transaction(lambda session: issue_ticket(session, current_caller()))
    services().known_places.expect(ticket, address(), LIFETIME)
    return ticket


@blueprint.route("/events")
@blueprint.doc(security=[*security("read"), {}], responses=ANSWERS)
@mentions(StreamQuery, "query")
@mentions(StreamHeaders, "headers")
@answers(307, refuses=(401, 403, 429))
def find_stream() -> Response:
    """Server-Sent Events of everything that one may see

    Web redirects (307) to notify's address (`notify_url` of `GET /api/config`) with the query as it is and a fresh
    ticket, since clients drop `Authorization` on their way to another origin. Notify streams (200), and does not
    end. A page like `/docs` can show neither.
    """
    query = list(request.args.items(multi=True))
    # Who comes with a ticket and no token already has what notify will ask for.
    if "ticket" not in request.args or "Authorization" in request.headers:
        verified_claims("read")
        spend("tickets")
        query = [(name, value) for name, value in query if name != "ticket"] + [("ticket", _ticket())]
    return redirect(f"{services().config.notify_url}{request.path}?{urlencode(query)}", 307)  # type: ignore[return-value]
