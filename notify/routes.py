"""The one thing that notify is for: `GET /api/notifications/events`."""

import gevent
from flask import Blueprint, Response, current_app, request

from fechatter.cursor import Place, read_cursor
from fechatter.errors import Unavailable
from fechatter.limits import address_key
from fechatter.tickets import spend_ticket
from fechatter.tokens import Claims
from frame.bearer import bad_token, verified_claims
from frame.limit_headers import note
from notify.handover import StreamResponse
from notify.joining import SessionEnded
from notify.service import Service

blueprint = Blueprint("notifications", __name__)

MOST_STREAMS = 50_000


def service() -> Service:
    return current_app.extensions["fechatter"]  # type: ignore[no-any-return]


@blueprint.get("/api/notifications/events")
def stream_events() -> Response:
    """Everything the caller may see, from `Last-Event-ID` (it wins), else `?cursor=`, else from now on."""
    here = service()
    with here.line.turn():
        if here.ending:
            raise Unavailable
        claims = _credentials(here)
        _check_room(here, claims.user_id)
        here.watch.begin()
        stated, cursor = _cursor()
        try:
            stream = here.joining.open(claims.user_id, claims.session_id, cursor, stated)
        except SessionEnded as error:
            raise bad_token() from error
    return StreamResponse(stream, lambda stream: gevent.spawn(here.joining.follow, stream))


def _credentials(here: Service) -> Claims:
    """A ticket, else the bearer token (a personal one if it may read)."""
    ticket = request.args.get("ticket")
    return verified_claims("read") if ticket is None else _spend(here, ticket)


def _spend(here: Service, ticket: str) -> Claims:
    """A ticket is spent by this, whatever comes of the stream. Whoever makes tickets up at an address shuts out none
    that was given out there."""
    place = address_key(request.remote_addr)
    is_expected = here.known_places.is_expected(ticket, place)
    if not is_expected:
        here.limiter.check("wrong tickets", place)
    claims = spend_ticket(here.engine, ticket)
    if claims is None:
        if is_expected:
            here.known_places.forget(ticket, place)
        here.limiter.hit("wrong tickets", place)
        raise bad_token()
    return claims


def _cursor() -> tuple[bool, dict[int, Place] | None]:
    """Whether the client gave a cursor, and what it says (None: not one of ours)."""
    text = request.headers.get("Last-Event-ID") or request.args.get("cursor")
    return bool(text), read_cursor(text) if text else None


def _check_room(here: Service, user_id: int) -> None:
    note(here.limiter.hit("streams", user_id))
    if len(here.hub.poller.wires) >= MOST_STREAMS:
        raise Unavailable
