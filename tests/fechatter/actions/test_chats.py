"""Chats are made with their first members; of a single there is only one, and names of channels are their own."""

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from fechatter.actions import chats
from fechatter.actions.chats import Plan
from fechatter.errors import Conflict, Forbidden, Invalid, NotFound
from fechatter.models import ChatMember, User, Workspace
from tests.factories import a_user, a_workspace, join_workspace
from tests.fechatter.actions.people import a_colleague, list_version, put_into_chats, roles_in
from tests.fechatter.actions.told import outline, told


def test_a_group_is_owned_by_who_made_it_and_each_membership_begins_with_its_own_event(
    session: Session, maria: User, acme: Workspace
) -> None:
    ben, cleo = sorted([a_colleague(session, acme), a_colleague(session, acme)])
    chat, is_new = chats.create_chat(session, maria.id, acme.id, Plan("group", member_ids=[cleo, ben, ben]))
    assert is_new
    assert (chat.name, chat.topic, chat.member_count) == (None, "", 3)
    assert roles_in(session, chat) == {maria.id: "owner", ben: "member", cleo: "member"}
    events = told(session, acme.id)
    assert outline(events) == [("chat.created", "user", person) for person in (maria.id, ben, cleo)]
    for event in events:
        assert session.get(ChatMember, (chat.id, event.to_user)).since == event.id
        assert event.chat_id == chat.id
        assert event.says["actor_id"] == maria.id
        assert event.says["chat"]["member_ids"] == [maria.id, ben, cleo]
        assert event.says["chat"]["member_count"] == 3
        assert "role" not in event.says["chat"]


def test_a_public_channel_is_announced_to_the_workspace_behind_its_first_members(
    session: Session, maria: User, acme: Workspace
) -> None:
    ben = a_colleague(session, acme)
    chat, _ = chats.create_chat(session, maria.id, acme.id, Plan("public_channel", "News", "All of it", [ben]))
    assert (chat.name, chat.topic) == ("News", "All of it")
    events = told(session, acme.id)
    assert outline(events) == [
        ("chat.created", "user", maria.id),
        ("chat.created", "user", ben),
        ("chat.created", "public", None),
    ]
    assert {event.says["chat"]["member_ids"] for event in events} == {None}


def test_a_private_channel_may_begin_with_its_owner_alone_and_is_announced_to_nobody(
    session: Session, maria: User, acme: Workspace
) -> None:
    chat, _ = chats.create_chat(session, maria.id, acme.id, Plan("private_channel", "Board"))
    assert roles_in(session, chat) == {maria.id: "owner"}
    assert outline(told(session, acme.id)) == [("chat.created", "user", maria.id)]


def test_a_new_chat_makes_the_cached_lists_of_its_first_members_stale(
    session: Session, maria: User, acme: Workspace
) -> None:
    ben, cleo = a_colleague(session, acme), a_colleague(session, acme)
    chats.create_chat(session, maria.id, acme.id, Plan("group", member_ids=[ben]))
    assert [list_version(session, person) for person in (maria.id, ben, cleo)] == [1, 1, 0]


def test_the_two_of_a_single_are_equals(session: Session, maria: User, acme: Workspace) -> None:
    ben = a_colleague(session, acme)
    chat, _ = chats.create_chat(session, maria.id, acme.id, Plan("single", member_ids=[ben]))
    assert roles_in(session, chat) == {maria.id: "member", ben: "member"}


def test_the_single_of_two_people_is_always_the_same_one_and_asking_again_tells_nobody(
    session: Session, maria: User, acme: Workspace
) -> None:
    ben = a_colleague(session, acme)
    first, _ = chats.create_chat(session, maria.id, acme.id, Plan("single", member_ids=[ben]))
    before = len(told(session, acme.id))
    again, is_new = chats.create_chat(session, ben, acme.id, Plan("single", member_ids=[maria.id]))
    assert (again.id, is_new) == (first.id, False)
    assert len(told(session, acme.id)) == before


def test_who_left_the_workspace_and_is_back_is_in_the_single_again_with_all_read(
    session: Session, maria: User, acme: Workspace
) -> None:
    ben = a_colleague(session, acme)
    chat, _ = chats.create_chat(session, maria.id, acme.id, Plan("single", member_ids=[ben]))
    session.execute(delete(ChatMember).where(ChatMember.chat_id == chat.id, ChatMember.user_id == ben))
    chat.member_count, chat.last_seq = 1, 7
    session.flush()
    before = len(told(session, acme.id))
    again, is_new = chats.create_chat(session, maria.id, acme.id, Plan("single", member_ids=[ben]))
    assert (again.id, is_new, again.member_count) == (chat.id, False, 2)
    created, added = told(session, acme.id)[before:]
    assert outline([created, added]) == [("chat.created", "user", ben), ("member.added", "chat", None)]
    assert added.says | {"user_id": ben, "role": "member", "member_count": 2} == added.says
    member = session.get(ChatMember, (chat.id, ben), populate_existing=True)
    assert (member.since, member.last_read_seq) == (created.id, 7)


@pytest.mark.parametrize("plan", [Plan("single"), Plan("group")])
def test_a_chat_of_people_needs_another_person(session: Session, maria: User, acme: Workspace, plan: Plan) -> None:
    with pytest.raises(Invalid) as refused:
        chats.create_chat(session, maria.id, acme.id, plan)
    assert list(refused.value.errors) == ["member_ids"]


def test_a_single_with_oneself_or_with_two_others_is_refused(session: Session, maria: User, acme: Workspace) -> None:
    ben, cleo = a_colleague(session, acme), a_colleague(session, acme)
    for others in ([maria.id], [maria.id, ben], [ben, cleo]):
        with pytest.raises(Invalid):
            chats.create_chat(session, maria.id, acme.id, Plan("single", member_ids=others))


def test_nobody_from_outside_the_workspace_gets_into_a_chat(session: Session, maria: User, acme: Workspace) -> None:
    stranger = a_user(session).id
    for type, name in (("single", None), ("group", None), ("private_channel", "A"), ("public_channel", "B")):
        with pytest.raises(Invalid) as refused:
            chats.create_chat(session, maria.id, acme.id, Plan(type, name, member_ids=[stranger]))
        assert list(refused.value.errors) == ["member_ids"]
    assert told(session, acme.id) == []


def test_a_stranger_finds_no_workspace_to_make_a_chat_in(session: Session, maria: User, acme: Workspace) -> None:
    with pytest.raises(NotFound):
        chats.create_chat(session, a_user(session).id, acme.id, Plan("public_channel", "News"))


def test_guests_make_no_chats(session: Session, maria: User, acme: Workspace) -> None:
    guest = a_colleague(session, acme, "guest")
    with pytest.raises(Forbidden):
        chats.create_chat(session, guest, acme.id, Plan("single", member_ids=[maria.id]))


@pytest.mark.parametrize("name", ["news", "NEWS", "Ｎｅｗｓ"])
def test_names_of_channels_are_taken_whatever_their_case_width_and_kind(
    session: Session, maria: User, acme: Workspace, name: str
) -> None:
    chats.create_chat(session, maria.id, acme.id, Plan("private_channel", "News"))
    with pytest.raises(Conflict) as refused:
        chats.create_chat(session, maria.id, acme.id, Plan("public_channel", name))
    assert refused.value.code == "name_taken"


def test_another_workspace_a_group_and_a_deleted_channel_leave_a_name_free(
    session: Session, maria: User, acme: Workspace
) -> None:
    other = a_workspace(session, maria).id
    chats.create_chat(session, maria.id, other, Plan("public_channel", "News"))
    chats.create_chat(session, maria.id, acme.id, Plan("group", "News", member_ids=[a_colleague(session, acme)]))
    first, _ = chats.create_chat(session, maria.id, acme.id, Plan("public_channel", "News"))
    chats.delete_chat(session, maria.id, first.id)
    assert chats.create_chat(session, maria.id, acme.id, Plan("public_channel", "News"))[1]


def test_the_longest_name_that_folding_can_make_is_stored(session: Session, maria: User, acme: Workspace) -> None:
    name = "\ufdfa" * 80  # one character that folds into eighteen
    assert chats.create_chat(session, maria.id, acme.id, Plan("public_channel", name))[0].name == name


def test_a_person_can_be_in_a_thousand_chats_and_no_more(session: Session, maria: User, acme: Workspace) -> None:
    put_into_chats(session, acme, maria.id, 999)
    assert chats.create_chat(session, maria.id, acme.id, Plan("public_channel", "The last one"))[1]
    with pytest.raises(Conflict) as refused:
        chats.create_chat(session, maria.id, acme.id, Plan("public_channel", "One too many"))
    assert refused.value.code == "too_many_chats"


def test_others_put_nobody_into_more_than_five_hundred_chats_of_their_workspace(
    session: Session, maria: User, acme: Workspace
) -> None:
    ben, elsewhere = a_user(session), a_workspace(session, maria)
    for workspace in (acme, elsewhere):
        join_workspace(session, workspace, ben)
    put_into_chats(session, acme, ben.id, 499)
    assert chats.create_chat(session, maria.id, acme.id, Plan("group", member_ids=[ben.id]))[1]
    with pytest.raises(Invalid) as refused:
        chats.create_chat(session, maria.id, acme.id, Plan("group", member_ids=[ben.id]))
    assert refused.value.errors == {"member_ids": [f"{ben.id} cannot be put into more chats."]}
    assert chats.create_chat(session, maria.id, elsewhere.id, Plan("single", member_ids=[ben.id]))[1]
    assert chats.create_chat(session, ben.id, acme.id, Plan("single", member_ids=[maria.id]))[1]


def test_others_fill_up_nobodys_list_and_are_not_told_where_it_is_full(
    session: Session, maria: User, acme: Workspace
) -> None:
    ben, elsewhere, own = a_user(session), a_workspace(session, maria), a_workspace(session)
    for workspace in (acme, elsewhere, own):
        join_workspace(session, workspace, ben)
    put_into_chats(session, acme, ben.id, 450)
    put_into_chats(session, elsewhere, ben.id, 450)
    with pytest.raises(Invalid) as refused:
        chats.create_chat(session, maria.id, acme.id, Plan("group", member_ids=[ben.id]))
    assert refused.value.errors == {"member_ids": [f"{ben.id} cannot be put into more chats."]}
    assert chats.create_chat(session, ben.id, own.id, Plan("public_channel", "Room left"))[1]
