"""An event counts only for the membership that it belongs to, whatever was known before it came."""

from copy import deepcopy

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fechatter.feed.memberships import TURNING, Membership
from fechatter.feed.placed import Placed

ME, OTHER, CHAT = 1, 2, 7


def event(at: int, type_: str, audience: str = "chat", to_user: int | None = None, **body: object) -> Placed:
    chat = None if type_.startswith("workspace.") else CHAT
    return Placed(at, at, audience, chat, to_user, None, type_, orjson.dumps(body).decode())


def message(at: int) -> Placed:
    return event(at, "message.created")


def added(at: int) -> Placed:
    return event(at, "chat.created", "user", ME)


def removed(at: int, user: int = ME) -> Placed:
    return event(at, "member.removed", to_user=user)


def entered(at: int, role: str = "member") -> Placed:
    return event(at, "workspace.member_added", "workspace", ME, role=role)


def left(at: int) -> Placed:
    return event(at, "workspace.member_removed", "workspace", ME)


def shown(membership: Membership, *events: Placed) -> list[int]:
    return [e.outbox_id for e in events if membership.receives(e)]


def test_a_member_since_before_an_event_gets_it_and_a_later_one_does_not() -> None:
    member = Membership(ME, since=1, chats={CHAT: 5})
    assert shown(member, message(4), message(5), message(6)) == [5, 6]


def test_an_addition_takes_effect_before_it_is_told_and_a_removal_behind() -> None:
    member = Membership(ME, since=1)
    assert shown(member, message(4), added(5), message(6), removed(7), message(8)) == [5, 6, 7]


def test_an_addition_that_is_over_already_counts_for_nothing() -> None:
    assert shown(Membership(ME, since=1, left={CHAT: 7}), added(5), message(6), removed(7), message(8)) == [7]


def test_a_removal_ends_only_a_membership_older_than_itself() -> None:
    added_again = Membership(ME, since=1, chats={CHAT: 9}, left={CHAT: 7})
    assert shown(added_again, added(5), message(6), removed(7), message(8), added(9), message(10)) == [7, 9, 10]


def test_an_addition_older_than_the_present_one_counts_for_nothing() -> None:
    assert shown(Membership(ME, since=1, chats={CHAT: 9}), added(5), message(6), added(9), message(10)) == [9, 10]


def test_what_one_knows_already_is_told_once_more_and_changes_nothing() -> None:
    member = Membership(ME, since=1, chats={CHAT: 5})
    assert shown(member, added(5), message(6)) == [5, 6]
    assert member.chats == {CHAT: 5}


def test_the_removal_of_another_is_told_to_members_and_ends_nothing() -> None:
    member = Membership(ME, since=1, chats={CHAT: 5})
    assert shown(member, removed(6, OTHER), message(7)) == [6, 7]
    assert shown(Membership(ME, since=1), removed(6, OTHER)) == []


def test_what_is_for_one_reaches_that_one_while_in_the_chat() -> None:
    read = [event(at, "read.updated", "user", ME) for at in (4, 6)]
    assert shown(Membership(ME, since=1, chats={CHAT: 5}), *read) == [6]
    assert shown(Membership(OTHER, since=1, chats={CHAT: 5}), *read) == []


def test_a_workspace_is_heard_from_joining_to_leaving() -> None:
    renamed = [event(at, "workspace.updated", "workspace") for at in (4, 6, 8)]
    assert shown(Membership(ME), renamed[0], entered(5), renamed[1], left(7), renamed[2]) == [5, 6, 7]


def test_leaving_a_workspace_ends_its_chats() -> None:
    member = Membership(ME, since=1, chats={CHAT: 5})
    assert shown(member, left(7), message(8)) == [7]
    assert (member.since, member.until, member.chats) == (None, 7, {})


def test_leaving_it_before_the_present_membership_ends_nothing() -> None:
    member = Membership(ME, since=9, until=7, chats={CHAT: 10})
    assert shown(member, entered(5), left(7), entered(9), added(10), message(11)) == [7, 9, 10, 11]


def test_a_joining_that_is_over_already_counts_for_nothing() -> None:
    assert shown(Membership(ME, until=7), entered(5), event(6, "workspace.updated", "workspace"), left(7)) == [7]


@pytest.mark.parametrize("type_", ["chat.created", "chat.updated", "chat.deleted"])
def test_public_channels_are_announced_to_the_workspace_guests_aside(type_: str) -> None:
    assert shown(Membership(ME, since=1, public_since=1), event(5, type_, "public")) == [5]
    assert shown(Membership(ME, since=1), event(5, type_, "public")) == []
    assert shown(Membership(ME), event(5, type_, "public")) == []


def test_a_guest_hears_of_the_public_channel_that_it_is_in() -> None:
    guest = Membership(ME, since=1, chats={CHAT: 3})
    assert shown(guest, event(5, "chat.updated", "public"), event(6, "chat.deleted", "public")) == [5, 6]


def test_a_role_makes_and_unmakes_a_guest_from_then_on() -> None:
    member = Membership(ME, since=1, public_since=1)
    updates = [event(at, "chat.updated", "public") for at in (3, 5, 7)]
    guest = event(4, "workspace.member_updated", "workspace", ME, role="guest")
    again = event(6, "workspace.member_updated", "workspace", ME, role="member")
    assert shown(member, updates[0], guest, updates[1], again, updates[2]) == [3, 4, 6, 7]


def test_what_happened_in_public_channels_while_one_was_a_guest_is_not_replayed_to_the_member() -> None:
    member = Membership(ME, since=1, public_since=6)
    updates = [event(at, "chat.updated", "public") for at in (3, 5, 7)]
    guest = event(4, "workspace.member_updated", "workspace", ME, role="guest")
    again = event(6, "workspace.member_updated", "workspace", ME, role="member")
    assert shown(member, updates[0], guest, updates[1], again, updates[2]) == [4, 6, 7]


def test_what_one_heard_between_two_times_as_a_guest_is_not_replayed_to_the_guest() -> None:
    guest = Membership(ME, since=1, public_until=8)
    updates = [event(at, "chat.updated", "public") for at in (3, 6, 9)]
    admin = event(5, "workspace.member_updated", "workspace", ME, role="admin")
    again = event(8, "workspace.member_updated", "workspace", ME, role="guest")
    assert shown(guest, updates[0], admin, updates[1], again, updates[2]) == [5, 8]


def test_another_role_of_a_member_changes_nothing_about_public_channels() -> None:
    member = Membership(ME, since=1, public_since=1)
    admin = event(4, "workspace.member_updated", "workspace", ME, role="admin")
    assert shown(member, admin, event(5, "chat.updated", "public")) == [4, 5]
    assert member.public_since == 1


def test_another_who_becomes_a_guest_changes_nothing_for_me() -> None:
    member = Membership(ME, since=1, public_since=1)
    other = event(4, "workspace.member_updated", "workspace", OTHER, role="guest")
    assert shown(member, other, event(5, "chat.updated", "public")) == [4, 5]


def test_first_members_hear_of_a_public_channel_once() -> None:
    announcement = event(6, "chat.created", "public")
    assert shown(Membership(ME, since=1), added(5), announcement) == [5]
    assert shown(Membership(OTHER, since=1, public_since=1), added(5), announcement) == [6]


def test_one_added_later_replays_the_announcement_and_then_its_own() -> None:
    member = Membership(ME, since=1, public_since=1, chats={CHAT: 9})
    assert shown(member, event(6, "chat.created", "public"), added(9)) == [6, 9]


def test_the_end_of_a_chat_reaches_who_was_in_it_at_the_end_and_nobody_else() -> None:
    deleted = event(8, "chat.deleted")
    assert shown(Membership(ME, since=1, chats={CHAT: 5}), deleted, message(9)) == [8]
    assert shown(Membership(ME, since=1, left={CHAT: 8}), message(6), deleted) == [8]
    assert shown(Membership(ME, since=1, left={CHAT: 6}), message(5), deleted) == []
    assert shown(Membership(ME, since=1), deleted) == []


def test_the_end_of_a_workspace_reaches_who_was_in_it_at_the_end_and_nobody_else() -> None:
    deleted = event(8, "workspace.deleted", "workspace")
    member = Membership(ME, since=1, chats={CHAT: 5})
    assert shown(member, deleted, message(9)) == [8]
    assert member.since is None
    assert shown(Membership(ME, until=8), message(6), deleted) == [8]
    assert shown(Membership(ME, until=6), deleted) == []
    assert shown(Membership(ME), deleted) == []


ANY = st.builds(
    lambda at, type_, audience, chat, to_user, role: Placed(
        at,
        at,
        audience,
        None if type_.startswith("workspace.") else chat,
        to_user,
        None,
        type_,
        orjson.dumps({"role": role}).decode(),
    ),
    at=st.integers(1, 9),
    type_=st.sampled_from([*sorted(TURNING), "message.created", "read.updated"]),
    audience=st.sampled_from(["chat", "user", "workspace", "public"]),
    chat=st.sampled_from([CHAT, CHAT + 1]),
    to_user=st.sampled_from([None, ME, OTHER]),
    role=st.sampled_from(["guest", "member"]),
)
NUMBER = st.integers(1, 9)
MEMBERS = st.builds(
    Membership,
    st.just(ME),
    since=st.none() | NUMBER,
    public_since=st.none() | NUMBER,
    until=st.integers(0, 9),
    public_until=st.integers(0, 9),
    chats=st.dictionaries(st.just(CHAT), NUMBER),
    left=st.dictionaries(st.sampled_from([CHAT, CHAT + 1]), NUMBER),
)


@given(MEMBERS, st.lists(ANY, max_size=12))
def test_events_that_do_not_concern_somebody_are_not_received_and_change_nothing(
    member: Membership, events: list[Placed]
) -> None:
    other = deepcopy(member)
    got = [event for event in other.concerned_by(events) if other.receives(event)]
    assert got == [event for event in events if member.receives(event)]
    assert other == member


def test_who_enters_a_chat_is_concerned_by_what_follows_in_it() -> None:
    member = Membership(ME, since=1)
    events = [message(4), added(5), message(6), removed(7), message(8)]
    assert [e.outbox_id for e in member.concerned_by(events) if member.receives(e)] == [5, 6, 7]
    assert [e.outbox_id for e in Membership(OTHER, since=1).concerned_by(events)] == []
