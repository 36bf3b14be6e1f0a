"""Subscriptions of browsers to Web Push. No personal access token makes one: to it would go all that may be read."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.answers import answers
from app.auth import current_caller, signed_in
from app.blueprint import Blueprint
from app.limited import fetching, limited
from app.schemas.fields import listed
from app.schemas.push import NewSubscription, PushKeySchema, PushSubscriptionSchema
from app.services import services
from app.transaction import reading, transactional
from fechatter.actions import push as actions
from fechatter.actions.push import Browser
from fechatter.errors import Invalid
from fechatter.push.addresses import Unsafe, read_endpoint
from fechatter.push.keys import private_key, public_key
from fechatter.queries.told import subscription_view, subscriptions_of
from fechatter.shapes import Shape

blueprint = Blueprint("push", __name__, url_prefix="/api/notifications/push", description="Web Push")

FOR_EVER = 10 * 365 * 86_400 * 1000
"""Milliseconds from now on: what is said to expire later does not."""


@blueprint.route("/key")
@signed_in
@fetching
@answers(200, PushKeySchema)
@reading
def show_push_key(session: Session) -> Shape:
    """The key by which push services know this installation"""
    return {"public_key": public_key(private_key(session.connection(), services().config.push))}


@blueprint.route("/subscriptions")
@signed_in
@fetching
@answers(200, listed(PushSubscriptionSchema))
@reading
def list_push_subscriptions(session: Session) -> Shape:
    """The browsers to which is pushed, newest first, in one page"""
    caller = current_caller()
    return {"items": subscriptions_of(session, caller.user_id, caller.session_id), "next_cursor": None}


@blueprint.route("/subscriptions", methods=["POST"])
@signed_in
@limited("subscribing")
@blueprint.arguments(NewSubscription)
@answers(201, PushSubscriptionSchema, also=(200,), refuses=(409,))
@transactional
def create_push_subscription(session: Session, body: dict[str, Any]) -> tuple[Shape, int]:
    """Have messages pushed to this browser, as long as the session lives

    The body is a browser's PushSubscription as it stands. The same one again is a 200; one that was another account's
    is now the caller's. There are at most 20: the oldest gives way.
    """
    caller = current_caller()
    made, is_new = actions.subscribe(session, caller, _browser(body))
    return subscription_view(session, made, caller.session_id), 201 if is_new else 200


@blueprint.route("/subscriptions/<id:subscription_id>", methods=["DELETE"])
@signed_in
@limited("changing")
@answers(204)
@transactional
def delete_push_subscription(session: Session, subscription_id: int) -> None:
    """Push nothing more to a browser"""
    actions.unsubscribe(session, current_caller().user_id, subscription_id)


def _browser(body: dict[str, Any]) -> Browser:
    """Where its name leads is looked up each time that something is sent, and not here. Raises Invalid."""
    try:
        origin = read_endpoint(body["endpoint"], services().config.push.services).origin
    except Unsafe as error:
        raise Invalid({"endpoint": ["Must be an https URL of a public push service."]}) from error
    return Browser(body["endpoint"], origin, **body["keys"], expires_at=_moment(body["expirationTime"]))


def _moment(milliseconds: int | None) -> datetime | None:
    if milliseconds is None or milliseconds > datetime.now(UTC).timestamp() * 1000 + FOR_EVER:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
