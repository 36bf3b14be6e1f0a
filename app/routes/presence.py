"""Who is there already: what the events of a stream tell is only who comes and goes."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.answers import answers
from app.auth import current_caller, signed_in
from app.blueprint import Blueprint
from app.limited import fetching
from app.schemas.presence import PresenceQuery, PresenceSchema
from app.services import services
from app.transaction import reading
from fechatter.access import known_of
from fechatter.feed.here import those_here
from fechatter.shapes import Shape

blueprint = Blueprint("presence", __name__, url_prefix="/api/presence", description="Who is there")


@blueprint.route("")
@signed_in(scope="read")
@fetching
@blueprint.arguments(PresenceQuery, location="query")
@answers(200, PresenceSchema)
def show_presence(query: dict[str, list[int]]) -> Shape:
    """Who of some people has a live stream now

    Whoever one may not know of is not in the answer, like those who are away. Ask once the stream is open: what its
    events have told since is newer. While Redis is away nobody is known to be there.
    """
    asked = query["user_id"]
    known = _known(asked)
    # Redis is asked of all, so that the time does not tell whom one might not know; by then no connection is held.
    return {"online": sorted(known & those_here(services().redis, asked))}


@reading
def _known(session: Session, user_ids: Sequence[int]) -> set[int]:
    return known_of(session, current_caller().user_id, user_ids)
