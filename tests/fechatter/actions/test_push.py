"""A subscription and the session on which it hangs."""

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from fechatter.access import Caller
from fechatter.actions.push import Browser, subscribe
from fechatter.actions.sessions import end_session
from fechatter.errors import SessionEnded
from fechatter.models import PushSubscription
from tests.fechatter.actions.acme import BOTH_ORDERS
from tests.fechatter.actions.races import overlap
from tests.world import World

ORIGIN = "https://push.example.net"


@BOTH_ORDERS
def test_none_is_left_by_a_session_that_ends_just_then(engine: Engine, swapped: bool) -> None:
    ann = World(engine).person()
    browser = Browser(f"{ORIGIN}/{ann.id}", ORIGIN, b"p" * 65, b"a" * 16, None)

    def begin(session: Session) -> None:
        subscribe(session, Caller(ann.id, ann.session_id, 0), browser)

    def end(session: Session) -> None:
        end_session(session, ann.id, ann.session_id, "signed_out")

    first, second = overlap(engine, end, begin) if swapped else overlap(engine, begin, end)
    assert second.waited
    assert first.refusal is None
    assert type(second.refusal) is (SessionEnded if swapped else type(None))
    with Session(engine) as session:
        mine = select(PushSubscription).where(PushSubscription.user_id == ann.id)
        assert session.scalars(mine).all() == []
