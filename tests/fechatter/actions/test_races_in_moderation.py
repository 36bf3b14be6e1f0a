"""Suspensions, blocks and reports that overlap with what they end: as if one had come after the other."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select, text

from fechatter.actions import blocks, chat_members, chats, invites, suspensions, workspace_members
from fechatter.actions.accounts import create_account, lock_account, suspend_account
from fechatter.actions.chats import Plan, change_chat
from fechatter.actions.invites import Offer
from fechatter.actions.messages import delete_message
from fechatter.actions.reports import report_message
from fechatter.actions.sessions import start_session
from fechatter.errors import Blocked, Conflict, Forbidden, Invalid, NotFound
from fechatter.models import Report, User, WorkspaceMember, WorkspaceSuspension
from fechatter.models import Session as SignIn
from tests.factories import committed
from tests.fechatter.actions.acme import BOTH_ORDERS, Acme, calling, refusals
from tests.fechatter.actions.races import Write, overlap
from tests.fechatter.actions.test_invites import WEEK
from tests.fechatter.scene import Scene, a_scene
from tests.waiting import until_waiting


@pytest.fixture
def acme(engine: Engine) -> Acme:
    return Acme(engine)


@pytest.fixture
def pair(engine: Engine) -> Iterator[Scene]:
    """A single of ann and ben."""
    with a_scene(engine) as scene:
        with committed(engine) as session:
            change = "UPDATE chats SET type = 'single', pair_low = :low, pair_high = :high WHERE id = :id"
            low, high = sorted((scene.ann.id, scene.ben.id))
            session.execute(text(change), {"low": low, "high": high, "id": scene.chat.id})
        yield scene


def is_in(acme: Acme, user_id: int) -> bool:
    return acme.write(lambda session: session.get(WorkspaceMember, (acme.id, user_id))) is not None


@BOTH_ORDERS
def test_who_is_suspended_while_an_invitation_is_accepted_is_out_in_the_end(acme: Acme, swapped: bool) -> None:
    _, token = acme.write(invites.create_invite, acme.maria, acme.id, Offer("member", WEEK))
    acme.write(workspace_members.remove_from_workspace, acme.maria, acme.id, acme.cleo)
    accepted, suspended = acme.race(
        calling(invites.accept_invite, acme.cleo, token),
        calling(suspensions.suspend, acme.maria, acme.id, acme.cleo),
        swapped,
    )
    assert refusals(suspended) == [None]
    assert refusals(accepted) == [NotFound if swapped else None]
    assert accepted.waited or suspended.waited
    assert not is_in(acme, acme.cleo)


@BOTH_ORDERS
def test_two_who_suspend_and_remove_at_once_leave_one_departure(acme: Acme, swapped: bool) -> None:
    acme.chat("group", acme.maria, acme.cleo)
    suspended, removed = acme.race(
        calling(suspensions.suspend, acme.maria, acme.id, acme.cleo),
        calling(workspace_members.remove_from_workspace, acme.ben, acme.id, acme.cleo),
        swapped,
    )
    assert refusals(suspended) == [None]
    assert refusals(removed) == [None if swapped else NotFound]
    kept = acme.write(lambda session: session.get(WorkspaceSuspension, (acme.id, acme.cleo)))
    assert kept.role == (None if swapped else "member")


@BOTH_ORDERS
def test_an_admin_who_is_suspended_suspends_nobody_afterwards(acme: Acme, swapped: bool) -> None:
    one, other = acme.race(
        calling(suspensions.suspend, acme.admin, acme.id, acme.cleo),
        calling(suspensions.suspend, acme.maria, acme.id, acme.admin),
        swapped,
    )
    assert refusals(other) == [None]
    assert refusals(one) == [NotFound if swapped else None]


@BOTH_ORDERS
def test_who_is_let_in_again_gets_no_chat_that_is_being_deleted(acme: Acme, swapped: bool) -> None:
    group = acme.chat("group", acme.maria, acme.cleo)
    acme.write(suspensions.suspend, acme.maria, acme.id, acme.cleo)
    outcomes = acme.race(
        calling(suspensions.unsuspend, acme.ben, acme.id, acme.cleo),
        calling(chats.delete_chat, acme.maria, group),
        swapped,
    )
    assert refusals(*outcomes) == [None, None]
    assert is_in(acme, acme.cleo)


@BOTH_ORDERS
def test_a_block_overlooks_no_single_that_is_just_being_made(acme: Acme, swapped: bool) -> None:
    made, blocked = acme.race(
        calling(chats.create_chat, acme.maria, acme.id, Plan("single", member_ids=[acme.cleo])),
        calling(blocks.block, acme.cleo, acme.maria),
        swapped,
    )
    assert refusals(blocked) == [None]
    assert refusals(made) == [Blocked if swapped else None]
    assert made.waited or blocked.waited


@BOTH_ORDERS
def test_who_has_just_blocked_somebody_is_put_into_no_chat_by_that_one(acme: Acme, swapped: bool) -> None:
    group = acme.chat("group", acme.maria, acme.ben)
    added, blocked = acme.race(
        calling(chat_members.add_members, acme.maria, group, [acme.cleo]),
        calling(blocks.block, acme.cleo, acme.maria),
        swapped,
    )
    assert refusals(blocked) == [None]
    assert refusals(added) == [Invalid if swapped else None]


@BOTH_ORDERS
def test_two_who_block_each_other_at_once_both_do(acme: Acme, swapped: bool) -> None:
    acme.chat("single", acme.maria, acme.cleo)
    outcomes = acme.race(
        calling(blocks.block, acme.cleo, acme.maria), calling(blocks.block, acme.maria, acme.cleo), swapped
    )
    assert refusals(*outcomes) == [None, None]


@BOTH_ORDERS
def test_a_block_taken_back_opens_nothing_that_the_other_is_just_closing(acme: Acme, swapped: bool) -> None:
    acme.chat("single", acme.maria, acme.cleo)
    acme.write(blocks.block, acme.maria, acme.cleo)
    outcomes = acme.race(
        calling(blocks.unblock, acme.maria, acme.cleo), calling(blocks.block, acme.cleo, acme.maria), swapped
    )
    assert refusals(*outcomes) == [None, None]
    assert any(outcome.waited for outcome in outcomes)


@BOTH_ORDERS
def test_one_blocks_no_more_than_a_thousand_by_doing_it_twice_at_once(
    acme: Acme, swapped: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "MOST_BLOCKS", 1)
    outcomes = acme.race(
        calling(blocks.block, acme.cleo, acme.maria), calling(blocks.block, acme.cleo, acme.ben), swapped
    )
    assert refusals(*outcomes) == [None, Conflict]


def test_a_post_that_waits_for_a_block_is_not_posted(pair: Scene) -> None:
    with pair.under_way() as blocking:
        blocks.block(blocking, pair.ann.id, pair.ben.id)
        posts = [pair.post_later(person) for person in (pair.ann, pair.ben)]
        until_waiting(pair.engine, 2)
    assert [post.result().outcome for post in posts] == ["blocked", "blocked"]
    assert (pair.messages(), pair.last_seq(), pair.recorded()) == ([], 0, [])


def test_a_block_waits_for_the_post_under_way(pair: Scene) -> None:
    with pair.under_way() as posting:
        assert pair.post_in(posting, pair.ben).outcome == "created"
        blocking = pair.later(blocks.block, pair.ann.id, pair.ben.id)
        until_waiting(pair.engine)
    blocking.result()
    assert pair.post(pair.ben).outcome == "blocked"
    assert pair.recorded() == ["message.created"]


def test_a_post_that_waits_while_the_channel_becomes_read_only_is_not_posted(scene: Scene) -> None:
    with committed(scene.engine) as session:
        channel = "UPDATE chats SET type = 'private_channel', name = 'x', name_key = 'x' WHERE id = :id"
        session.execute(text(channel), {"id": scene.chat.id})
    with scene.under_way() as closing:
        change_chat(closing, scene.ann.id, scene.chat.id, {"read_only": True})
        post = scene.post_later(scene.ben)
        until_waiting(scene.engine)
    assert post.result().outcome == "read_only"
    assert scene.recorded() == ["chat.updated"]


def test_of_posts_at_once_slow_mode_lets_one_through(scene: Scene) -> None:
    with committed(scene.engine) as session:
        slow = "UPDATE chats SET type = 'private_channel', name = 'y', name_key = 'y', slow_mode = 60 WHERE id = :id"
        session.execute(text(slow), {"id": scene.chat.id})
    with scene.under_way() as other:
        other.execute(text("SELECT FROM chats WHERE id = :id FOR NO KEY UPDATE"), {"id": scene.chat.id})
        posts = [scene.post_later(scene.ben) for _ in range(6)]
        until_waiting(scene.engine, 6)
    posted = [post.result() for post in posts]
    assert sorted(one.outcome for one in posted) == ["created"] + ["slow_mode"] * 5
    assert {one.retry_after for one in posted if one.outcome == "slow_mode"} <= {59, 60}
    assert [message.seq for message in scene.messages()] == [1]


@BOTH_ORDERS
def test_no_report_keeps_a_text_that_is_being_deleted(scene: Scene, swapped: bool) -> None:
    posted = scene.post(scene.ben, "secret").shape
    assert posted
    writes: tuple[Write, Write] = (
        calling(report_message, scene.ann.id, posted["id"], "Why"),
        calling(delete_message, scene.ben.id, posted["id"]),
    )
    outcomes = overlap(scene.engine, *(writes[::-1] if swapped else writes))
    assert [type(outcome.refusal) for outcome in outcomes] == [type(None), Conflict if swapped else type(None)]
    with committed(scene.engine) as session:
        kept = list(session.scalars(select(Report.content).where(Report.message_id == posted["id"])))
    assert kept == ([] if swapped else [None])


@BOTH_ORDERS
def test_no_sign_in_slips_past_the_suspension_of_its_account(engine: Engine, swapped: bool) -> None:
    with committed(engine) as session:
        user = create_account(session, f"{uuid4().hex}@example.org", "Ann", "hash")

    def sign_in(session: object) -> object:
        return start_session(session, lock_account(session, user.id, "hash").id, "a test")  # type: ignore[arg-type]

    def suspend(session: object) -> None:
        suspend_account(session, lock_account(session, user.id, "hash"))  # type: ignore[arg-type]

    writes: tuple[Callable[..., object], Callable[..., object]] = (sign_in, suspend)
    outcomes = overlap(engine, *(writes[::-1] if swapped else writes))
    assert [type(o.refusal) for o in outcomes] == [type(None), Forbidden if swapped else type(None)]
    with committed(engine) as session:
        living = select(SignIn.id).where(SignIn.user_id == user.id, SignIn.ended_at.is_(None))
        assert session.scalars(living).all() == []
        assert session.get_one(User, user.id).suspended_at is not None
