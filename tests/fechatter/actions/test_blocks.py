"""Who blocks somebody closes their single in every workspace, and keeps each from putting the other into chats."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from fechatter.actions.blocks import MOST_BLOCKS, block, unblock
from fechatter.actions.chat_members import add_members
from fechatter.actions.chats import Plan, create_chat
from fechatter.actions.messages import delete_message, edit_message
from fechatter.actions.reading import mark_read
from fechatter.actions.typing import typing
from fechatter.actions.workspace_members import remove_from_workspace
from fechatter.errors import Blocked, Conflict, Invalid, NotFound
from fechatter.models import Chat, User, Workspace
from fechatter.queries.blocks import blocked_among, blocks_of
from fechatter.queries.messages import message_of
from tests.factories import a_chat, a_message, a_user, a_workspace, join_workspace, post
from tests.fechatter.actions.told import told


@pytest.fixture
def ben(session: Session, acme: Workspace) -> User:
    user = a_user(session, "ben")
    join_workspace(session, acme, user)
    return user


@pytest.fixture
def single(session: Session, acme: Workspace, maria: User, ben: User) -> Chat:
    return a_chat(session, acme, "single", [maria, ben])


def is_closed(session: Session, chat: Chat) -> bool:
    return session.get(Chat, chat.id, populate_existing=True).closed


def test_nothing_is_said_in_a_closed_single_by_either_and_all_of_it_can_be_read(
    session: Session, single: Chat, maria: User, ben: User
) -> None:
    messages = {person.id: a_message(session, single, person, client_id="c") for person in (maria, ben)}
    before = len(told(session, single.workspace_id))
    block(session, maria.id, ben.id)
    assert len(told(session, single.workspace_id)) == before
    for person in (maria, ben):
        own = messages[person.id]["id"]
        for again in ({}, {"client_id": "c"}):
            posted = post(session, single, person, **again)
            assert (posted.outcome, posted.shape) == ("blocked", None)
        with pytest.raises(Blocked):
            edit_message(session, person.id, own, "Changed")
        with pytest.raises(Blocked):
            typing(session.connection(), person.id, single.id)
        assert message_of(session, person.id, own)["content"] == "Hello"
        assert mark_read(session, person.id, single.id, 2)["unread_count"] == 0
    session.expire_all()
    assert single.last_seq == 2
    delete_message(session, ben.id, messages[ben.id]["id"])


def test_a_block_holds_in_every_workspace_and_for_no_other_chat(
    session: Session, acme: Workspace, single: Chat, maria: User, ben: User
) -> None:
    other = a_workspace(session, maria)
    elsewhere = a_chat(session, other, "single", [maria, ben])
    cleo = a_user(session)
    others = [a_chat(session, acme, "single", [maria, cleo]), a_chat(session, acme, "single", [ben, cleo])]
    group = a_chat(session, acme, "group", [maria, ben])
    block(session, ben.id, maria.id)
    assert [is_closed(session, chat) for chat in (single, elsewhere, *others, group)] == [True, True] + [False] * 3
    unblock(session, ben.id, maria.id)
    assert [is_closed(session, chat) for chat in (single, elsewhere)] == [False, False]
    assert post(session, single, maria).outcome == "created"


def test_it_opens_once_neither_blocks_the_other(session: Session, single: Chat, maria: User, ben: User) -> None:
    block(session, maria.id, ben.id)
    block(session, ben.id, maria.id)
    unblock(session, maria.id, ben.id)
    assert is_closed(session, single)
    unblock(session, ben.id, maria.id)
    assert not is_closed(session, single)


def test_no_single_is_made_or_found_by_either(session: Session, acme: Workspace, maria: User, ben: User) -> None:
    block(session, maria.id, ben.id)
    for who, whom in ((maria, ben), (ben, maria)):
        with pytest.raises(Blocked):
            create_chat(session, who.id, acme.id, Plan("single", member_ids=[whom.id]))
    a_chat(session, acme, "single", [maria, ben])
    for who, whom in ((maria, ben), (ben, maria)):
        with pytest.raises(Blocked):
            create_chat(session, who.id, acme.id, Plan("single", member_ids=[whom.id]))


@pytest.mark.parametrize("type", ["group", "private_channel", "public_channel"])
def test_neither_puts_the_other_into_a_chat_and_a_third_may(
    session: Session, acme: Workspace, maria: User, ben: User, type: str
) -> None:
    cleo = a_user(session)
    join_workspace(session, acme, cleo)
    block(session, maria.id, ben.id)
    for number, (who, whom) in enumerate(((maria, ben), (ben, maria))):
        words = [f"{whom.id} cannot be put into more chats."]
        with pytest.raises(Invalid) as refused:
            create_chat(session, who.id, acme.id, Plan(type, f"News {number}", member_ids=[cleo.id, whom.id]))
        assert refused.value.errors == {"member_ids": words}
        chat = a_chat(session, acme, type, [who, cleo])
        with pytest.raises(Invalid) as refused:
            add_members(session, who.id, chat.id, [whom.id])
        assert refused.value.errors == {"user_ids": words}
    chat, _ = create_chat(session, cleo.id, acme.id, Plan(type, "Both", member_ids=[maria.id, ben.id]))
    assert chat.member_count == 3


def test_only_who_can_be_seen_can_be_blocked_and_only_a_block_taken_back(
    session: Session, acme: Workspace, maria: User, ben: User
) -> None:
    stranger = a_user(session).id
    for other in (stranger, 2**62):
        with pytest.raises(NotFound):
            block(session, maria.id, other)
        with pytest.raises(NotFound):
            unblock(session, maria.id, other)
    with pytest.raises(Invalid):
        block(session, maria.id, maria.id)
    with pytest.raises(NotFound):
        unblock(session, ben.id, maria.id)
    block(session, maria.id, ben.id)
    remove_from_workspace(session, maria.id, acme.id, ben.id)
    unblock(session, maria.id, ben.id)
    assert blocks_of(session, maria.id, 0, 10) == []


def test_a_second_block_is_the_first(session: Session, acme: Workspace, maria: User, ben: User) -> None:
    first, is_new = block(session, maria.id, ben.id)
    again, is_new_again = block(session, maria.id, ben.id)
    assert (again, is_new, is_new_again) == (first, True, False)
    assert [shape["user_id"] for shape in blocks_of(session, maria.id, 0, 10)] == [ben.id]
    assert (blocked_among(session, maria.id, [ben.id]), blocked_among(session, ben.id, [maria.id])) == (
        {ben.id},
        {maria.id},
    )


def test_one_blocks_a_thousand_at_most(session: Session, acme: Workspace, maria: User, ben: User) -> None:
    many = text(
        "WITH people AS (INSERT INTO users (email, email_key, name, password_hash)"
        " SELECT :me || n, :me || n, 'x', '-' FROM generate_series(1, :most) n RETURNING id)"
        " INSERT INTO blocks (user_id, blocked_id) SELECT :id, id FROM people"
    )
    session.execute(many, {"me": maria.email, "id": maria.id, "most": MOST_BLOCKS - 1})
    cleo = a_user(session)
    join_workspace(session, acme, cleo)
    block(session, maria.id, ben.id)
    with pytest.raises(Conflict) as refused:
        block(session, maria.id, cleo.id)
    assert refused.value.code == "too_many_blocks"


def test_a_single_whose_two_were_both_away_when_the_block_was_taken_back_opens_with_them(
    session: Session, acme: Workspace, single: Chat, maria: User, ben: User
) -> None:
    block(session, maria.id, ben.id)
    join_workspace(session, acme, other := a_user(session), "owner")
    for person in (ben, maria):
        remove_from_workspace(session, person.id, acme.id, person.id)
    unblock(session, maria.id, ben.id)
    for person in (ben, maria):
        join_workspace(session, acme, person)
    chat, _ = create_chat(session, ben.id, acme.id, Plan("single", member_ids=[maria.id]))
    assert (chat.id, other.id > 0) == (single.id, True)
    session.flush()
    assert post(session, single, maria).outcome == "created"
