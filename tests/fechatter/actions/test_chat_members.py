"""People join, are added to, leave and are removed from chats, and an owner is never lost on the way."""

import pytest
from sqlalchemy.orm import Session

from fechatter.actions import chat_members as members
from fechatter.errors import Conflict, Forbidden, Invalid, NotFound
from fechatter.models import Chat, ChatDeparture, ChatMember, User, Workspace
from tests.factories import a_chat, a_user, join_chat
from tests.fechatter.actions.people import a_colleague, list_version, put_into_chats, roles_in
from tests.fechatter.actions.told import outline, told


@pytest.fixture
def news(session: Session, acme: Workspace, maria: User) -> Chat:
    """A public channel of Maria's with seven messages."""
    return a_chat(session, acme, "public_channel", [maria], last_seq=7)


def test_who_joins_gets_the_chat_then_all_hear_of_it_and_all_is_read(
    session: Session, acme: Workspace, news: Chat
) -> None:
    ben = a_colleague(session, acme)
    seat = members.join_chat(session, ben, news.id)
    assert (seat.member.role, seat.member.last_read_seq, seat.chat.member_count) == ("member", 7, 2)
    created, added = told(session, acme.id)
    assert outline([created, added]) == [("chat.created", "user", ben), ("member.added", "chat", None)]
    assert created.says["chat"]["member_count"] == 2
    assert added.says | {"user_id": ben, "role": "member", "member_count": 2, "actor_id": ben} == added.says
    assert seat.member.since == created.id
    assert list_version(session, ben) == 1


def test_joining_twice_changes_nothing_and_tells_nobody(session: Session, acme: Workspace, news: Chat) -> None:
    ben = a_colleague(session, acme)
    first = members.join_chat(session, ben, news.id)
    before = len(told(session, acme.id))
    again = members.join_chat(session, ben, news.id)
    assert (again.member.since, again.chat.member_count) == (first.member.since, 2)
    assert (len(told(session, acme.id)), list_version(session, ben)) == (before, 1)


def test_who_finds_a_public_channel_empty_becomes_its_owner(session: Session, acme: Workspace) -> None:
    empty = a_chat(session, acme, "public_channel")
    ben, cleo = a_colleague(session, acme), a_colleague(session, acme)
    assert members.join_chat(session, ben, empty.id).member.role == "owner"
    assert members.join_chat(session, cleo, empty.id).member.role == "member"


def test_guests_and_strangers_find_no_public_channel_to_join(session: Session, acme: Workspace, news: Chat) -> None:
    for person in (a_colleague(session, acme, "guest"), a_user(session).id):
        with pytest.raises(NotFound):
            members.join_chat(session, person, news.id)


def test_a_guest_who_was_put_into_a_public_channel_is_in_it_already(
    session: Session, acme: Workspace, news: Chat
) -> None:
    guest = a_colleague(session, acme, "guest")
    join_chat(session, news, session.get(User, guest))
    assert members.join_chat(session, guest, news.id).member.role == "member"


@pytest.mark.parametrize("type", ["single", "group", "private_channel"])
def test_nothing_but_a_public_channel_can_be_joined(session: Session, acme: Workspace, maria: User, type: str) -> None:
    ben, cleo = a_user(session), a_colleague(session, acme)
    chat = a_chat(session, acme, type, [maria, ben])
    with pytest.raises(Forbidden):
        members.join_chat(session, ben.id, chat.id)
    with pytest.raises(NotFound):
        members.join_chat(session, cleo, chat.id)


def test_who_is_in_a_thousand_chats_joins_no_other(session: Session, acme: Workspace, news: Chat) -> None:
    ben = a_colleague(session, acme)
    put_into_chats(session, acme, ben, 1000)
    with pytest.raises(Conflict) as refused:
        members.join_chat(session, ben, news.id)
    assert refused.value.code == "too_many_chats"


def test_each_person_added_gets_the_chat_and_then_all_hear_of_that_person(
    session: Session, acme: Workspace, maria: User
) -> None:
    group = a_chat(session, acme, "group", [maria, a_user(session)], last_seq=3)
    cleo, dan = sorted([a_colleague(session, acme), a_colleague(session, acme)])
    members.add_members(session, maria.id, group.id, [dan, cleo, dan])
    events = told(session, acme.id)
    assert outline(events) == [
        ("chat.created", "user", cleo),
        ("member.added", "chat", None),
        ("chat.created", "user", dan),
        ("member.added", "chat", None),
    ]
    assert [event.says["user_id"] for event in events[1::2]] == [cleo, dan]
    assert {event.says["member_count"] for event in events[1::2]} == {4}
    assert {cleo, dan} <= set(events[0].says["chat"]["member_ids"])
    for event in events[::2]:
        member = session.get(ChatMember, (group.id, event.to_user))
        assert (member.since, member.role, member.last_read_seq) == (event.id, "member", 3)
    assert group.member_count == 4
    assert [list_version(session, person) for person in (maria.id, cleo, dan)] == [0, 1, 1]


def test_who_is_in_already_stays_as_it_is_when_added(session: Session, acme: Workspace, maria: User) -> None:
    ben = a_user(session)
    group = a_chat(session, acme, "group", [maria, ben])
    members.add_members(session, ben.id, group.id, [maria.id, ben.id])
    assert roles_in(session, group) == {maria.id: "owner", ben.id: "member"}
    assert told(session, acme.id) == []


def test_one_stranger_among_those_to_be_added_and_nobody_is(session: Session, acme: Workspace, maria: User) -> None:
    group = a_chat(session, acme, "group", [maria, a_user(session)])
    stranger = a_user(session).id
    with pytest.raises(Invalid) as refused:
        members.add_members(session, maria.id, group.id, [a_colleague(session, acme), stranger])
    assert refused.value.errors == {"user_ids": [f"{stranger} is not in this workspace."]}
    assert told(session, acme.id) == []


def test_who_is_in_five_hundred_chats_is_not_added_but_joins(
    session: Session, acme: Workspace, news: Chat, maria: User
) -> None:
    ben = a_colleague(session, acme)
    put_into_chats(session, acme, ben, 500)
    with pytest.raises(Invalid) as refused:
        members.add_members(session, maria.id, news.id, [ben])
    assert refused.value.errors == {"user_ids": [f"{ben} cannot be put into more chats."]}
    assert members.join_chat(session, ben, news.id).member


def test_who_is_removed_hears_of_it_and_the_end_is_kept(session: Session, acme: Workspace, maria: User) -> None:
    ben = a_user(session)
    group = a_chat(session, acme, "group", [maria, ben, a_user(session)])
    members.remove_member(session, maria.id, group.id, ben.id)
    (event,) = told(session, acme.id)
    assert outline([event]) == [("member.removed", "chat", ben.id)]
    assert event.says | {"user_id": ben.id, "role": None, "member_count": 2, "actor_id": maria.id} == event.says
    assert session.get(ChatDeparture, (group.id, ben.id)).until == event.id
    assert ben.id not in roles_in(session, group)
    assert group.member_count == 2
    assert (list_version(session, ben.id), list_version(session, maria.id)) == (1, 0)


def test_the_last_end_of_a_membership_replaces_the_one_before(session: Session, acme: Workspace, news: Chat) -> None:
    ben = a_colleague(session, acme)
    for _ in range(2):
        members.join_chat(session, ben, news.id)
        members.leave_chat(session, ben, news.id)
    assert session.get(ChatDeparture, (news.id, ben), populate_existing=True).until == told(session, acme.id)[-1].id


def test_removing_somebody_who_is_not_there_says_so_only_to_those_who_may_remove(
    session: Session, acme: Workspace, news: Chat, maria: User
) -> None:
    ben, cleo = a_user(session), a_colleague(session, acme)
    join_chat(session, news, ben)
    with pytest.raises(NotFound):
        members.remove_member(session, maria.id, news.id, cleo)
    with pytest.raises(Forbidden):
        members.remove_member(session, ben.id, news.id, cleo)


def test_nobody_removes_an_owner_from_a_channel(session: Session, news: Chat, maria: User) -> None:
    ben = a_user(session)
    join_chat(session, news, ben, "owner")
    with pytest.raises(Forbidden):
        members.remove_member(session, maria.id, news.id, ben.id)


def test_removing_oneself_is_leaving(session: Session, acme: Workspace, news: Chat) -> None:
    ben = a_colleague(session, acme)
    members.join_chat(session, ben, news.id)
    members.remove_member(session, ben, news.id, ben)
    assert outline(told(session, acme.id))[-1] == ("member.removed", "chat", ben)


@pytest.mark.parametrize("type", ["private_channel", "public_channel"])
def test_the_last_owner_leaves_no_channel_not_even_alone(
    session: Session, acme: Workspace, maria: User, type: str
) -> None:
    channel = a_chat(session, acme, type, [maria])
    for _ in ("alone", "with Ben"):
        with pytest.raises(Conflict) as refused:
            members.leave_chat(session, maria.id, channel.id)
        assert refused.value.code == "last_owner"
        join_chat(session, channel, a_user(session), "admin")


def test_one_of_two_owners_leaves_a_channel(session: Session, news: Chat, maria: User) -> None:
    ben = a_user(session)
    join_chat(session, news, ben, "owner")
    members.leave_chat(session, maria.id, news.id)
    assert roles_in(session, news) == {ben.id: "owner"}


def test_the_longest_standing_admin_inherits_a_group(session: Session, acme: Workspace, maria: User) -> None:
    group = a_chat(session, acme, "group", [maria, a_user(session)])
    heir, later = a_user(session), a_user(session)
    join_chat(session, group, heir, "admin")
    join_chat(session, group, later, "admin")
    members.leave_chat(session, maria.id, group.id)
    removed, updated = told(session, acme.id)
    assert outline([removed, updated]) == [("member.removed", "chat", maria.id), ("member.updated", "chat", None)]
    assert updated.says | {"user_id": heir.id, "role": "owner", "member_count": 3} == updated.says
    assert list(roles_in(session, group).values()).count("owner") == 1


def test_without_an_admin_the_longest_standing_member_inherits_a_group(
    session: Session, acme: Workspace, maria: User
) -> None:
    late, first = a_user(session), a_user(session)
    group = a_chat(session, acme, "group", [maria, first, late])
    members.leave_chat(session, maria.id, group.id)
    assert roles_in(session, group) == {first.id: "owner", late.id: "member"}


def test_nobody_inherits_while_another_owner_remains(session: Session, acme: Workspace, maria: User) -> None:
    group = a_chat(session, acme, "group", [maria, a_user(session)])
    join_chat(session, group, a_user(session), "owner")
    members.leave_chat(session, maria.id, group.id)
    assert outline(told(session, acme.id)) == [("member.removed", "chat", maria.id)]


def test_a_group_ends_with_its_last_member(session: Session, acme: Workspace, maria: User) -> None:
    group = a_chat(session, acme, "group", [maria])
    members.leave_chat(session, maria.id, group.id)
    session.refresh(group)
    (event,) = told(session, acme.id)
    assert (group.member_count, group.ended) == (0, event.id)
    assert group.deleted_at is not None


def test_a_single_cannot_be_left_and_nobody_is_removed_from_it(session: Session, acme: Workspace, maria: User) -> None:
    ben = a_user(session)
    single = a_chat(session, acme, "single", [maria, ben])
    with pytest.raises(Forbidden):
        members.leave_chat(session, maria.id, single.id)
    with pytest.raises(Forbidden):
        members.remove_member(session, maria.id, single.id, ben.id)


def test_a_public_channel_that_one_is_not_in_cannot_be_left(session: Session, acme: Workspace, news: Chat) -> None:
    with pytest.raises(Forbidden):
        members.leave_chat(session, a_colleague(session, acme), news.id)
