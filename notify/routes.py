"""The one thing that notify is for: `GET /api/notifications/events`."""

from collections.abc import Iterator
from contextlib import contextmanager

import gevent
from flask import Blueprint, Response, current_app, request

from fechatter.actions.tickets import spend_ticket
from fechatter.cursor import Place, read_cursor
from fechatter.db import deadline
from fechatter.errors import TooMany, Unavailable
from fechatter.tokens import Claims
from frame.bearer import bad_token, verified_claims
from notify.handover import StreamResponse
from notify.joining import SessionEnded
from notify.service import Service

blueprint = Blueprint("notifications", __name__)

MOST_STREAMS_A_PERSON = 50
MOST_STREAMS = 50_000
OPENING = 4.0
"""Seconds in which PostgreSQL must have told all that opening a stream takes, the wait for a turn included."""

TURN = 3.0
"""Seconds in which a turn must come, first come first served: a pool of connections would let some starve."""


def service() -> Service:
    return current_app.extensions["fechatter"]  # type: ignore[no-any-return]


@blueprint.get("/api/notifications/events")
def stream_events() -> Response:
    """Everything the caller may see, from `Last-Event-ID` (it wins), else `?cursor=`, else from now on."""
    here = service()
    if here.ending:
        raise Unavailable
    with deadline(OPENING), _turn(here):
        claims = _credentials(here)
        _check_room(here, claims.user_id)
        here.watch.begin()
        stated, cursor = _cursor()
        try:
            stream = here.joining.open(claims.user_id, claims.session_id, cursor, stated)
        except SessionEnded as error:
            raise bad_token() from error
    return StreamResponse(stream, lambda stream: gevent.spawn(here.joining.follow, stream))


@contextmanager
def _turn(here: Service) -> Iterator[None]:
    """Where thousands come back at once, each of the few connections serves them in the order in which they came."""
    if not here.openings.acquire(timeout=TURN):
        raise Unavailable
    try:
        yield
    finally:
        here.openings.release()


def _credentials(here: Service) -> Claims:
    """A ticket, else the bearer token. A ticket is spent by this, whatever comes of the stream."""
    ticket = request.args.get("ticket")
    if ticket is None:
        return verified_claims()
    with here.engine.begin() as connection:
        claims = spend_ticket(connection, ticket)
    if claims is None:
        raise bad_token()
    return claims


def _cursor() -> tuple[bool, dict[int, Place] | None]:
    """Whether the client gave a cursor, and what it says (None: not one of ours)."""
    text = request.headers.get("Last-Event-ID") or request.args.get("cursor")
    return bool(text), read_cursor(text) if text else None


def _check_room(here: Service, user_id: int) -> None:
    here.limiter.hit("streams", user_id)
    if here.config.rate_limits and len(here.hub.users.get(user_id, ())) >= MOST_STREAMS_A_PERSON:
        raise TooMany(10, "too_many_streams", "You have too many streams open.")
    if len(here.hub.poller.wires) >= MOST_STREAMS:
        raise Unavailable
