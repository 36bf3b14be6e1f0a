"""Writes to a workspace that overlap end as if one had come after the other; most cases run in both orders."""

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from fechatter.actions import chat_members, chats, invites, workspace_members, workspaces
from fechatter.actions.chats import Plan
from fechatter.actions.invites import Offer
from fechatter.actions.posting import Post, post_message
from fechatter.errors import Conflict, Forbidden, NotFound
from fechatter.models import Chat, Invite, Outbox, WorkspaceMember
from tests.factories import a_user, a_workspace
from tests.fechatter.actions.acme import BOTH_ORDERS, Acme, calling, refusals
from tests.fechatter.actions.races import Write, overlap
from tests.fechatter.actions.test_invites import WEEK


@pytest.fixture
def acme(engine: Engine) -> Acme:
    return Acme(engine)


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
@pytest.mark.parametrize("way", ["made", "joined", "invited", "accepted", "posted", "renamed", "removed"])
def test_nothing_happens_in_a_workspace_after_its_end(acme: Acme, way: str, swapped: bool) -> None:
    channel = acme.chat("public_channel", acme.ben, acme.guest)
    _, token = acme.write(invites.create_invite, acme.maria, acme.id, Offer("member", WEEK))
    person = acme.write(lambda session: a_user(session).id)

    def post(session: Session) -> None:
        if post_message(session.connection(), Post(acme.sign_in, acme.ben, channel, "Hello")).outcome != "created":
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
def test_a_role_that_is_taken_away_is_not_used_afterwards(acme: Acme, swapped: bool) -> None:
    removed, demoted = acme.race(
        calling(workspace_members.remove_from_workspace, acme.admin, acme.id, acme.cleo),
        calling(workspace_members.change_workspace_role, acme.maria, acme.id, acme.admin, "member"),
        swapped,
    )
    assert refusals(demoted) == [None]
    assert refusals(removed) == [Forbidden if swapped else None]


def test_the_hundredth_workspace_is_taken_once(acme: Acme) -> None:
    def fill(session: Session) -> int:
        person = a_user(session)
        for _ in range(99):
            a_workspace(session, person)
        return person.id

    person = acme.write(fill)
    creations = (calling(workspaces.create_workspace, person, name) for name in ("One", "Other"))
    assert refusals(*overlap(acme.engine, *creations)) == [None, Conflict]


def test_workspaces_of_one_name_made_at_once_are_both_made(acme: Acme) -> None:
    creations = (calling(workspaces.create_workspace, who, f"Race {acme.id}") for who in (acme.maria, acme.ben))
    one, other = overlap(acme.engine, *creations)
    assert refusals(one, other) == [None, None]
    assert one.value.slug != other.value.slug


def test_who_has_begun_to_post_is_told_of_before_the_end_of_the_workspace(acme: Acme) -> None:
    channel = acme.chat("private_channel", acme.ben)
    _, deleted = overlap(
        acme.engine,
        lambda session: session.get(Chat, channel, with_for_update={"key_share": True}),
        calling(workspaces.delete_workspace, acme.maria, acme.id),
        then=lambda session: post_message(session.connection(), Post(acme.sign_in, acme.ben, channel, "Hello")),
    )
    assert deleted.waited
    told = select(Outbox.type).where(Outbox.workspace_id == acme.id).order_by(Outbox.id)
    assert acme.write(lambda session: session.scalars(told).all()[-2:]) == ["message.created", "workspace.deleted"]


def test_withdrawing_does_not_lock_against_accepting(acme: Acme) -> None:
    """Accepting locks the invitation and then the workspace; here the withdrawal comes in between."""
    invite, token = acme.write(invites.create_invite, acme.maria, acme.id, Offer("member", WEEK))
    person = acme.write(lambda session: a_user(session).id)
    outcomes = overlap(
        acme.engine,
        lambda session: session.get(Invite, invite.id, with_for_update={"key_share": True}),
        calling(invites.withdraw_invite, acme.maria, acme.id, invite.id),
        then=calling(invites.accept_invite, person, token),
    )
    assert refusals(*outcomes) == [None, None]
