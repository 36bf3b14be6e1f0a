"""Writes to a chat that overlap end as if one had come after the other; most cases run in both orders."""

import pytest
from sqlalchemy import Engine, func, select, text

from fechatter.actions import chat_members, chats, workspace_members
from fechatter.actions.chats import Plan
from fechatter.actions.reading import mark_read
from fechatter.errors import Conflict, Forbidden, Invalid, NotFound
from fechatter.models import Chat, ChatMember, Workspace
from tests.fechatter.actions.acme import BOTH_ORDERS, Acme, calling, refusals
from tests.fechatter.actions.people import put_into_chats
from tests.fechatter.actions.races import Write, overlap


@pytest.fixture
def acme(engine: Engine) -> Acme:
    return Acme(engine)


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


@pytest.mark.parametrize("by_others", [True, False])
def test_the_last_chat_that_one_can_be_in_is_taken_once(acme: Acme, by_others: bool) -> None:
    plans = [Plan("public_channel", name) for name in ("one", "other")]
    channels = [acme.write(chats.create_chat, acme.maria, acme.id, plan)[0].id for plan in plans]
    most = 500 if by_others else 1000
    acme.write(lambda session: put_into_chats(session, session.get(Workspace, acme.id), acme.cleo, most - 1))

    def entering(channel: int) -> Write:
        if by_others:
            return calling(chat_members.add_members, acme.maria, channel, [acme.cleo])
        return calling(chat_members.join_chat, acme.cleo, channel)

    outcomes = overlap(acme.engine, *map(entering, channels))
    assert refusals(*outcomes) == [None, Invalid if by_others else Conflict]
    count = select(func.count()).where(ChatMember.user_id == acme.cleo)
    assert acme.write(lambda session: session.scalar(count)) == most


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
