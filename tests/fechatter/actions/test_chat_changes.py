"""Chats are renamed and deleted by whom the table allows, and those who may see them hear of it."""

import pytest
from sqlalchemy.orm import Session

from fechatter.actions import chats
from fechatter.actions.chats import Plan
from fechatter.errors import Conflict, Forbidden, Invalid, NotFound
from fechatter.models import User, Workspace
from tests.factories import a_chat, a_user, join_chat
from tests.fechatter.actions.people import a_colleague, list_version, roles_in
from tests.fechatter.actions.told import outline, told


def test_renaming_tells_the_chat_and_makes_the_list_of_who_did_it_stale(
    session: Session, maria: User, acme: Workspace
) -> None:
    ben = a_colleague(session, acme)
    chat, _ = chats.create_chat(session, maria.id, acme.id, Plan("private_channel", "News", member_ids=[ben]))
    before = len(told(session, acme.id)), list_version(session, maria.id), list_version(session, ben)
    seat = chats.change_chat(session, maria.id, chat.id, {"name": "Olds", "topic": "What was"})
    assert (seat.chat.name, seat.chat.topic, seat.chat.name_key) == ("Olds", "What was", "olds")
    (event,) = told(session, acme.id)[before[0] :]
    assert outline([event]) == [("chat.updated", "chat", None)]
    assert (event.says["chat"]["name"], event.says["chat"]["topic"]) == ("Olds", "What was")
    assert (list_version(session, maria.id), list_version(session, ben)) == (before[1] + 1, before[2])


def test_of_a_renamed_public_channel_the_workspace_hears(session: Session, maria: User, acme: Workspace) -> None:
    chat, _ = chats.create_chat(session, maria.id, acme.id, Plan("public_channel", "News"))
    chats.change_chat(session, maria.id, chat.id, {"name": "Olds"})
    assert outline(told(session, acme.id))[-1] == ("chat.updated", "public", None)


def test_a_change_that_changes_nothing_tells_nobody(session: Session, maria: User, acme: Workspace) -> None:
    chat, _ = chats.create_chat(session, maria.id, acme.id, Plan("public_channel", "News"))
    before = len(told(session, acme.id)), list_version(session, maria.id)
    for changes in ({}, {"name": "News"}, {"topic": ""}):
        chats.change_chat(session, maria.id, chat.id, changes)
    assert (len(told(session, acme.id)), list_version(session, maria.id)) == before


def test_a_name_may_change_its_case_and_a_group_may_lose_its_name(
    session: Session, maria: User, acme: Workspace
) -> None:
    channel, _ = chats.create_chat(session, maria.id, acme.id, Plan("public_channel", "News"))
    group, _ = chats.create_chat(session, maria.id, acme.id, Plan("group", "Us", "", [a_colleague(session, acme)]))
    assert chats.change_chat(session, maria.id, channel.id, {"name": "NEWS"}).chat.name == "NEWS"
    assert chats.change_chat(session, maria.id, group.id, {"name": None}).chat.name is None


def test_a_channel_cannot_lose_its_name_nor_take_anothers(session: Session, maria: User, acme: Workspace) -> None:
    chats.create_chat(session, maria.id, acme.id, Plan("public_channel", "Taken"))
    chat, _ = chats.create_chat(session, maria.id, acme.id, Plan("public_channel", "News"))
    with pytest.raises(Invalid) as unnamed:
        chats.change_chat(session, maria.id, chat.id, {"name": None})
    assert list(unnamed.value.errors) == ["name"]
    with pytest.raises(Conflict) as taken:
        chats.change_chat(session, maria.id, chat.id, {"name": "TAKEN"})
    assert taken.value.code == "name_taken"


def test_nobody_renames_or_deletes_a_single(session: Session, maria: User, acme: Workspace) -> None:
    chat, _ = chats.create_chat(session, maria.id, acme.id, Plan("single", member_ids=[a_colleague(session, acme)]))
    with pytest.raises(Forbidden):
        chats.change_chat(session, maria.id, chat.id, {"topic": "x"})
    with pytest.raises(Forbidden):
        chats.delete_chat(session, maria.id, chat.id)


def test_a_deleted_chat_is_missing_for_all_while_its_members_rows_and_its_end_are_kept(
    session: Session, maria: User, acme: Workspace
) -> None:
    ben = a_colleague(session, acme)
    chat, _ = chats.create_chat(session, maria.id, acme.id, Plan("group", member_ids=[ben]))
    chats.delete_chat(session, maria.id, chat.id)
    event = told(session, acme.id)[-1]
    assert outline([event]) == [("chat.deleted", "chat", None)]
    assert event.says["chat"]["member_ids"] == [maria.id, ben]
    session.refresh(chat)
    assert chat.ended == event.id
    assert chat.deleted_at is not None
    assert set(roles_in(session, chat)) == {maria.id, ben}
    with pytest.raises(NotFound):
        chats.delete_chat(session, maria.id, chat.id)


def test_the_owner_of_the_workspace_deletes_a_public_channel_that_it_is_not_in(
    session: Session, maria: User, acme: Workspace
) -> None:
    ben = a_colleague(session, acme)
    chat, _ = chats.create_chat(session, ben, acme.id, Plan("public_channel", "News"))
    chats.delete_chat(session, maria.id, chat.id)
    assert outline(told(session, acme.id))[-1] == ("chat.deleted", "public", None)


def test_a_member_deletes_no_channel(session: Session, maria: User, acme: Workspace) -> None:
    ben = a_user(session)
    chat = a_chat(session, acme, "private_channel", [maria])
    join_chat(session, chat, ben, "admin")
    with pytest.raises(Forbidden):
        chats.delete_chat(session, ben.id, chat.id)
