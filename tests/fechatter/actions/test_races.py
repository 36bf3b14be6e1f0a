"""Writes that overlap end as if one had come after the other; each case runs in both orders."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from fechatter.actions import chat_members, chats, invites, workspace_members, workspaces
from fechatter.actions.chats import Plan
from fechatter.actions.invites import Offer
from fechatter.actions.messages import post_message
from fechatter.actions.reading import mark_read
from fechatter.errors import ChatError, Conflict, Forbidden, NotFound
from fechatter.models import Chat, ChatMember, Invite, Outbox, Workspace, WorkspaceMember
from tests.factories import a_session, a_user, a_workspace, join_workspace
from tests.fechatter.actions.invariants import broken_rules
from tests.fechatter.actions.people import put_into_a_thousand_chats
from tests.fechatter.actions.races import Outcome, Write, overlap
from tests.fechatter.actions.test_invites import WEEK

BOTH_ORDERS = pytest.mark.parametrize("swapped", [False, True], ids=["as named", "the other first"])


class Acme:
    """A workspace of two owners, Maria and Ben, with an admin, a member and a guest; all of it committed."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        with Session(engine, expire_on_commit=False) as session, session.begin():
            people = [a_user(session) for _ in range(5)]
            self.maria, self.ben, self.admin, self.cleo, self.guest = (person.id for person in people)
            self.sign_in = a_session(session, people[1]).id
            workspace = a_workspace(session)
            for person, role in zip(people, ("owner", "owner", "admin", "member", "guest"), strict=True):
                join_workspace(session, workspace, person, role)
            self.id = workspace.id

    def write(self, action: Callable[..., Any], *values: Any) -> Any:
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            return action(session, *values)

    def chat(self, type: str, *people: int) -> int:
        """Made by the first of these people with the others."""
        plan = Plan(type, type if "channel" in type else None, member_ids=people[1:])
        return self.write(chats.create_chat, people[0], self.id, plan)[0].id

    def race(self, one: Write, other: Write, swapped: bool) -> tuple[Outcome, Outcome]:
        """The outcomes of `one` and `other`, whichever of them came first."""
        first, second = (other, one) if swapped else (one, other)
        outcomes = overlap(self.engine, first, second)
        assert broken_rules(self.engine, self.id) == {}
        return outcomes[::-1] if swapped else outcomes


@pytest.fixture
def acme(engine: Engine) -> Acme:
    return Acme(engine)


def calling(action: Callable[..., Any], *values: Any) -> Write:
    return lambda session: action(session, *values)


def refusals(*outcomes: Outcome) -> list[type[ChatError] | None]:
    return sorted([type(o.refusal) if o.refusal else None for o in outcomes], key=lambda kind: kind is not None)


@BOTH_ORDERS
@pytest.mark.parametrize("way", ["added", "joins", "group", "single", "single again"])
def test_nobody_ends_in_a_chat_of_a_workspace_that_it_is_removed_from(acme: Acme, way: str, swapped: bool) -> None:
    channel = acme.chat("public_channel", acme.maria)
    if way == "single again":
        acme.chat("single", acme.maria, acme.cleo)
        _, token = acme.write(invites.create_invite, acme.maria, acme.id, Offer("member", WEEK))
        acme.write(workspace_members.remove_from_workspace, acme.cleo, acme.id, acme.cleo)
        acme.write(invites.accept_invite, acme.cleo, token)
    entering = {
        "added": calling(chat_members.add_members, acme.maria, channel, [acme.cleo]),
        "joins": calling(chat_members.join_chat, acme.cleo, channel),
        "group": calling(chats.create_chat, acme.maria, acme.id, Plan("group", member_ids=[acme.cleo])),
    }.get(way, calling(chats.create_chat, acme.maria, acme.id, Plan("single", member_ids=[acme.cleo])))
    removal = calling(workspace_members.remove_from_workspace, acme.maria, acme.id, acme.cleo)
    entered, removed = acme.race(entering, removal, swapped)
    assert removed.refusal is None
    assert (entered.refusal is not None) == swapped
    assert acme.write(lambda session: session.get(WorkspaceMember, (acme.id, acme.cleo))) is None


@BOTH_ORDERS
def test_whoever_is_made_a_guest_does_not_slip_into_a_public_channel(acme: Acme, swapped: bool) -> None:
    channel = acme.chat("public_channel", acme.maria)
    joined, demoted = acme.race(
        calling(chat_members.join_chat, acme.cleo, channel),
        calling(workspace_members.change_workspace_role, acme.maria, acme.id, acme.cleo, "guest"),
        swapped,
    )
    assert refusals(demoted) == [None]
    assert refusals(joined) == [NotFound if swapped else None]


@BOTH_ORDERS
def test_the_last_use_of_an_invitation_lets_one_person_in(acme: Acme, swapped: bool) -> None:
    invite, token = acme.write(invites.create_invite, acme.maria, acme.id, Offer("member", WEEK, max_uses=1))
    people = [acme.write(lambda session: a_user(session).id) for _ in range(2)]
    outcomes = acme.race(*(calling(invites.accept_invite, person, token) for person in people), swapped)
    assert refusals(*outcomes) == [None, NotFound]
    assert acme.write(lambda session: session.get(Invite, invite.id).uses) == 1


@pytest.mark.parametrize("same_invite", [True, False])
def test_two_acceptances_of_one_person_are_one_membership(acme: Acme, same_invite: bool) -> None:
    tokens = [acme.write(invites.create_invite, acme.maria, acme.id, Offer("member", WEEK))[1] for _ in range(2)]
    person = acme.write(lambda session: a_user(session).id)
    outcomes = acme.race(
        calling(invites.accept_invite, person, tokens[0]),
        calling(invites.accept_invite, person, tokens[0 if same_invite else 1]),
        swapped=False,
    )
    assert refusals(*outcomes) == [None, None]
    assert outcomes[0].value.member.since == outcomes[1].value.member.since


@BOTH_ORDERS
def test_an_invitation_that_is_withdrawn_lets_nobody_in_afterwards(acme: Acme, swapped: bool) -> None:
    invite, token = acme.write(invites.create_invite, acme.maria, acme.id, Offer("member", WEEK))
    person = acme.write(lambda session: a_user(session).id)
    accepted, withdrawn = acme.race(
        calling(invites.accept_invite, person, token),
        calling(invites.withdraw_invite, acme.maria, acme.id, invite.id),
        swapped,
    )
    assert refusals(withdrawn) == [None]
    assert refusals(accepted) == [NotFound if swapped else None]


@BOTH_ORDERS
@pytest.mark.parametrize("way", ["leave", "step down"])
def test_of_two_owners_one_stays(acme: Acme, way: str, swapped: bool) -> None:
    def going(person: int) -> Write:
        if way == "leave":
            return calling(workspace_members.remove_from_workspace, person, acme.id, person)
        return calling(workspace_members.change_workspace_role, person, acme.id, person, "member")

    outcomes = acme.race(going(acme.maria), going(acme.ben), swapped)
    assert refusals(*outcomes) == [None, Conflict]


@BOTH_ORDERS
@pytest.mark.parametrize("way", ["leave", "step down"])
def test_of_two_owners_of_a_channel_one_stays(acme: Acme, way: str, swapped: bool) -> None:
    channel = acme.chat("private_channel", acme.maria, acme.ben)
    acme.write(chat_members.change_member_role, acme.maria, channel, acme.ben, "owner")

    def going(person: int) -> Write:
        if way == "leave":
            return calling(chat_members.leave_chat, person, channel)
        return calling(chat_members.change_member_role, person, channel, person, "admin")

    assert refusals(*acme.race(going(acme.maria), going(acme.ben), swapped)) == [None, Conflict]


@BOTH_ORDERS
def test_a_group_that_both_leave_ends(acme: Acme, swapped: bool) -> None:
    group = acme.chat("group", acme.maria, acme.ben)
    outcomes = acme.race(
        calling(chat_members.leave_chat, acme.maria, group), calling(chat_members.leave_chat, acme.ben, group), swapped
    )
    assert refusals(*outcomes) == [None, None]
    assert acme.write(lambda session: session.get(Chat, group).deleted_at) is not None


@BOTH_ORDERS
def test_two_who_write_to_each_other_at_once_get_one_single(acme: Acme, swapped: bool) -> None:
    outcomes = acme.race(
        calling(chats.create_chat, acme.maria, acme.id, Plan("single", member_ids=[acme.ben])),
        calling(chats.create_chat, acme.ben, acme.id, Plan("single", member_ids=[acme.maria])),
        swapped,
    )
    assert refusals(*outcomes) == [None, None]
    (one, _), (other, _) = (outcome.value for outcome in outcomes)
    assert one.id == other.id
    assert sorted(is_new for _, is_new in (outcome.value for outcome in outcomes)) == [False, True]


def test_of_two_channels_of_one_name_one_is_made(acme: Acme) -> None:
    plans = [Plan("public_channel", "News"), Plan("private_channel", "news")]
    outcomes = acme.race(*(calling(chats.create_chat, acme.maria, acme.id, plan) for plan in plans), swapped=False)
    assert refusals(*outcomes) == [None, Conflict]


def test_of_two_channels_renamed_to_one_name_one_is(acme: Acme) -> None:
    made = [acme.chat(type, acme.maria) for type in ("public_channel", "private_channel")]
    changes = (calling(chats.change_chat, acme.maria, chat, {"name": "News"}) for chat in made)
    assert refusals(*acme.race(*changes, swapped=False)) == [None, Conflict]


@BOTH_ORDERS
@pytest.mark.parametrize("way", ["made", "joined", "invited", "accepted", "posted", "renamed", "removed"])
def test_nothing_happens_in_a_workspace_after_its_end(acme: Acme, way: str, swapped: bool) -> None:
    channel = acme.chat("public_channel", acme.ben, acme.guest)
    _, token = acme.write(invites.create_invite, acme.maria, acme.id, Offer("member", WEEK))
    person = acme.write(lambda session: a_user(session).id)

    def post(session: Session) -> None:
        if post_message(session.connection(), acme.sign_in, acme.ben, channel, "Hello").outcome != "created":
            raise NotFound

    writes = {
        "made": calling(chats.create_chat, acme.ben, acme.id, Plan("public_channel", "New")),
        "joined": calling(chat_members.join_chat, acme.cleo, channel),
        "invited": calling(invites.create_invite, acme.ben, acme.id, Offer("member", WEEK)),
        "accepted": calling(invites.accept_invite, person, token),
        "posted": post,
        "renamed": calling(chats.change_chat, acme.ben, channel, {"name": "Olds"}),
        "removed": calling(workspace_members.remove_from_workspace, acme.ben, acme.id, acme.guest),
    }
    written, deleted = acme.race(writes[way], calling(workspaces.delete_workspace, acme.maria, acme.id), swapped)
    assert refusals(deleted) == [None]
    assert refusals(written) == [NotFound if swapped else None]
    last = select(Outbox.type).where(Outbox.workspace_id == acme.id).order_by(Outbox.id.desc()).limit(1)
    assert acme.write(lambda session: session.scalar(last)) == "workspace.deleted"


@BOTH_ORDERS
def test_whoever_is_removed_from_a_chat_does_nothing_in_it_afterwards(acme: Acme, swapped: bool) -> None:
    channel = acme.chat("private_channel", acme.maria, acme.ben)
    acme.write(chat_members.change_member_role, acme.maria, channel, acme.ben, "admin")
    added, removed = acme.race(
        calling(chat_members.add_members, acme.ben, channel, [acme.cleo]),
        calling(chat_members.remove_member, acme.maria, channel, acme.ben),
        swapped,
    )
    assert refusals(removed) == [None]
    assert refusals(added) == [NotFound if swapped else None]


@BOTH_ORDERS
def test_a_role_that_is_taken_away_is_not_used_afterwards(acme: Acme, swapped: bool) -> None:
    removed, demoted = acme.race(
        calling(workspace_members.remove_from_workspace, acme.admin, acme.id, acme.cleo),
        calling(workspace_members.change_workspace_role, acme.maria, acme.id, acme.admin, "member"),
        swapped,
    )
    assert refusals(demoted) == [None]
    assert refusals(removed) == [Forbidden if swapped else None]


@BOTH_ORDERS
def test_an_owner_of_the_workspace_who_steps_down_deletes_no_channel_afterwards(acme: Acme, swapped: bool) -> None:
    channel = acme.chat("public_channel", acme.cleo)
    deleted, demoted = acme.race(
        calling(chats.delete_chat, acme.ben, channel),
        calling(workspace_members.change_workspace_role, acme.ben, acme.id, acme.ben, "member"),
        swapped,
    )
    assert refusals(demoted) == [None]
    assert refusals(deleted) == [Forbidden if swapped else None]
    assert deleted.waited or demoted.waited


def test_two_who_join_an_empty_channel_make_one_owner(acme: Acme) -> None:
    channel = acme.chat("public_channel", acme.ben)
    acme.write(workspace_members.remove_from_workspace, acme.ben, acme.id, acme.ben)
    joins = (calling(chat_members.join_chat, person, channel) for person in (acme.maria, acme.cleo))
    outcomes = acme.race(*joins, swapped=False)
    assert sorted(outcome.value.member.role for outcome in outcomes) == ["member", "owner"]


def test_joining_twice_at_once_is_one_membership(acme: Acme) -> None:
    channel = acme.chat("public_channel", acme.maria)
    outcomes = acme.race(*[calling(chat_members.join_chat, acme.cleo, channel)] * 2, swapped=False)
    assert refusals(*outcomes) == [None, None]
    assert outcomes[0].value.member.since == outcomes[1].value.member.since


def test_the_hundredth_workspace_is_taken_once(acme: Acme) -> None:
    def fill(session: Session) -> int:
        person = a_user(session)
        for _ in range(99):
            a_workspace(session, person)
        return person.id

    person = acme.write(fill)
    creations = (calling(workspaces.create_workspace, person, name) for name in ("One", "Other"))
    assert refusals(*overlap(acme.engine, *creations)) == [None, Conflict]


def test_the_thousandth_chat_is_taken_once(acme: Acme) -> None:
    channels = [acme.chat("public_channel", acme.maria), acme.chat("private_channel", acme.maria)]

    def fill(session: Session) -> None:
        put_into_a_thousand_chats(session, session.get(Workspace, acme.id), acme.cleo)
        one = select(ChatMember).where(ChatMember.user_id == acme.cleo).limit(1)
        session.delete(session.scalars(one).one())

    acme.write(fill)
    additions = [calling(chat_members.add_members, acme.maria, channel, [acme.cleo]) for channel in channels]
    overlap(acme.engine, *additions)
    count = select(func.count()).where(ChatMember.user_id == acme.cleo)
    assert acme.write(lambda session: session.scalar(count)) == 1000


def test_workspaces_of_one_name_made_at_once_are_both_made(acme: Acme) -> None:
    creations = (calling(workspaces.create_workspace, who, f"Race {acme.id}") for who in (acme.maria, acme.ben))
    one, other = overlap(acme.engine, *creations)
    assert refusals(one, other) == [None, None]
    assert one.value.slug != other.value.slug


def test_a_removal_does_not_lock_against_whoever_marks_as_read(acme: Acme) -> None:
    """Marking locks the member's row and then the person's own; here the removal comes in between."""
    group = acme.chat("group", acme.maria, acme.cleo)
    acme.write(lambda session: session.execute(text("UPDATE chats SET last_seq = 3 WHERE id = :id"), {"id": group}))
    half = select(ChatMember).where(ChatMember.chat_id == group, ChatMember.user_id == acme.cleo)
    outcomes = overlap(
        acme.engine,
        lambda session: session.scalars(half.with_for_update(key_share=True)).one(),
        calling(chat_members.remove_member, acme.maria, group, acme.cleo),
        then=calling(mark_read, acme.cleo, group, 3),
    )
    assert refusals(*outcomes) == [None, None]
