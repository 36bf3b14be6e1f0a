"""Subscriptions of browsers to Web Push: each hangs on the session that has made it, and ends with it."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from fechatter.access import Caller
from fechatter.actions.sessions import lock_caller
from fechatter.audit import record_act
from fechatter.errors import Conflict, NotFound
from fechatter.models import PushSubscription

MOST_SUBSCRIPTIONS = 20
"""Of one person; the oldest gives way."""


class Browser(NamedTuple):
    """What it has got from its push service. `origin` is the endpoint's, which is no secret."""

    endpoint: str
    origin: str
    p256dh: bytes
    auth: bytes
    expires_at: datetime | None


def subscribe(session: Session, caller: Caller, browser: Browser) -> tuple[PushSubscription, bool]:
    """The subscription, and whether it is new: the same browser again only renews it. What somebody else has had there
    ends, with all that waits for it: who uses that browser now is the caller. Raises SessionEnded, Conflict."""
    lock_caller(session, caller)
    found = select(PushSubscription).where(PushSubscription.endpoint == browser.endpoint)
    standing = session.scalars(found.with_for_update(key_share=True)).first()
    if standing is not None and standing.user_id == caller.user_id:
        standing.session_id, standing.expires_at = caller.session_id, browser.expires_at
        standing.p256dh, standing.auth = browser.p256dh, browser.auth
        session.flush()
        return standing, False
    if standing is not None:
        _end(session, [standing.id])
    mine = select(PushSubscription.id).where(PushSubscription.user_id == caller.user_id)
    _end(session, session.scalars(mine.order_by(PushSubscription.id.desc()).offset(MOST_SUBSCRIPTIONS - 1)))
    row = insert(PushSubscription).values(
        user_id=caller.user_id,
        session_id=caller.session_id,
        endpoint=browser.endpoint,
        p256dh=browser.p256dh,
        auth=browser.auth,
        expires_at=browser.expires_at,
    )
    made = session.scalars(row.on_conflict_do_nothing(index_elements=["endpoint"]).returning(PushSubscription)).first()
    if made is None:
        raise Conflict
    record_act(session, "push.subscribed", caller.user_id, target=("push_subscription", made.id), origin=browser.origin)
    return made, True


def unsubscribe(session: Session, user_id: int, subscription_id: int) -> None:
    """Nothing more is sent there. Raises NotFound."""
    mine = delete(PushSubscription).where(PushSubscription.id == subscription_id, PushSubscription.user_id == user_id)
    if session.execute(mine.returning(PushSubscription.id)).first() is None:
        raise NotFound
    record_act(session, "push.unsubscribed", user_id, target=("push_subscription", subscription_id))


def _end(session: Session, subscription_ids: Iterable[int]) -> None:
    if ids := list(subscription_ids):
        session.execute(delete(PushSubscription).where(PushSubscription.id.in_(ids)))
