"""The chat list says all about one's own chats, in one statement, and where to go on from."""

from collections.abc import Iterator
from contextlib import contextmanager

import orjson
import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from fechatter import models
from fechatter.actions.messages import delete_message
from fechatter.actions.reading import mark_read
from fechatter.cursor import Place, read_cursor
from fechatter.errors import NotFound, SessionEnded
from fechatter.queries.chat_list import NO_LIST, ChatList, ListTag, chat_list
from fechatter.queries.messages import message_of
from fechatter.shapes import Shape, own_chat_shape
from tests.factories import a_chat, a_message, a_session, a_user, a_workspace, join_workspace, leave_chat


def asked(session: Session, user: models.User, workspace_id: int | None = None, kept: ListTag = NO_LIST) -> ChatList:
    answer = chat_list(session.connection(), a_session(session, user).id, user.id, workspace_id, kept)
    assert answer
    return answer


def listed(session: Session, user: models.User, workspace_id: int | None = None) -> Shape:
    """As a client reads it."""
    return orjson.loads(asked(session, user, workspace_id).body)


def ids(session: Session, user: models.User, workspace_id: int | None = None) -> list[int]:
    return [item["id"] for item in listed(session, user, workspace_id)["items"]]


def item_of(session: Session, user: models.User, chat: models.Chat) -> Shape:
    [item] = [i for i in listed(session, user)["items"] if i["id"] == chat.id]
    return item


@contextmanager
def counted_statements(session: Session) -> Iterator[list[str]]:
    statements: list[str] = []

    def count(*args: object) -> None:
        statements.append(str(args[2]))

    event.listen(session.connection(), "before_cursor_execute", count)
    yield statements
    event.remove(session.connection(), "before_cursor_execute", count)


@pytest.mark.parametrize("type", ["single", "group", "private_channel", "public_channel"])
def test_an_item_is_the_chat_with_what_is_ones_own(
    session: Session, ann: models.User, ben: models.User, type: str
) -> None:
    chat = a_chat(session, a_workspace(session), type, with_members=[ann, ben], topic="of the day")
    a_message(session, chat, ann)
    last = a_message(session, chat, ann, "newest")
    mark_read(session, ben.id, chat.id, 1)
    item = item_of(session, ben, chat)
    session.refresh(chat)
    member = session.get(models.ChatMember, (chat.id, ben.id))
    people = [ann.id, ben.id] if type in ("single", "group") else None
    assert item == own_chat_shape(chat, member, people, last)
    assert (item["last_seq"], item["last_read_seq"], item["unread_count"], item["role"]) == (2, 1, 1, "member")


def test_an_empty_chat_has_no_last_message(session: Session, chat: models.Chat, ann: models.User) -> None:
    assert item_of(session, ann, chat)["last_message"] is None


def test_a_deleted_last_message_shows_as_a_tombstone(session: Session, chat: models.Chat, ann: models.User) -> None:
    message = a_message(session, chat, ann, "secret")
    delete_message(session, ann.id, message["id"])
    assert item_of(session, ann, chat)["last_message"] == message_of(session, ann.id, message["id"])


def test_the_newest_activity_comes_first(session: Session, ann: models.User) -> None:
    workspace = a_workspace(session)
    chats = [a_chat(session, workspace, "group", with_members=[ann]) for _ in range(3)]
    assert ids(session, ann) == [c.id for c in reversed(chats)]
    for chat in (chats[2], chats[0], chats[1]):
        a_message(session, chat, ann)
    assert ids(session, ann) == [chats[1].id, chats[0].id, chats[2].id]


def test_chats_that_one_left_or_that_are_deleted_are_not_listed(session: Session, ann: models.User) -> None:
    workspace = a_workspace(session)
    stays, left, deleted = [a_chat(session, workspace, "group", with_members=[ann]) for _ in range(3)]
    a_chat(session, workspace, "public_channel", with_members=[a_user(session)])
    leave_chat(session, left, ann)
    deleted.deleted_at = deleted.created_at
    session.flush()
    assert ids(session, ann) == [stays.id]


def test_a_workspace_narrows_the_list_and_not_the_cursor(session: Session, ann: models.User) -> None:
    here, there = a_workspace(session, ann), a_workspace(session, ann)
    chat, other = a_chat(session, here, with_members=[ann]), a_chat(session, there, with_members=[ann])
    answer = listed(session, ann, here.id)
    assert [item["id"] for item in answer["items"]] == [chat.id]
    assert set(read_cursor(answer["cursor"]) or {}) == {here.id, there.id}
    assert ids(session, ann) == [other.id, chat.id]


def test_a_workspace_that_one_is_not_in_or_that_is_deleted_is_missing(session: Session, ann: models.User) -> None:
    foreign, deleted = a_workspace(session, a_user(session)), a_workspace(session, ann)
    a_chat(session, deleted, with_members=[ann])
    deleted.deleted_at = deleted.created_at
    session.flush()
    for workspace_id in (foreign.id, deleted.id, 2**63 - 1):
        with pytest.raises(NotFound):
            listed(session, ann, workspace_id)
    assert listed(session, ann) == {"items": [], "cursor": "1"}


def test_the_cursor_stands_at_the_heads_of_the_feeds(session: Session, chat: models.Chat, ann: models.User) -> None:
    a_message(session, chat, ann)
    a_message(session, chat, ann)
    session.execute(text("SELECT relay_v2(ARRAY[:w], true, 500)"), {"w": chat.workspace_id})
    feed = session.get(models.Feed, chat.workspace_id, populate_existing=True)
    assert feed
    cursor = read_cursor(listed(session, ann)["cursor"])
    assert cursor == {chat.workspace_id: Place(feed.epoch, 2)}


def test_who_is_in_a_group_is_listed_in_order_and_who_is_in_a_channel_is_not(
    session: Session, ann: models.User
) -> None:
    workspace, others = a_workspace(session), [a_user(session) for _ in range(3)]
    people = [others[2], ann, others[0], others[1]]
    group = a_chat(session, workspace, "group", with_members=people)
    channel = a_chat(session, workspace, "private_channel", with_members=people)
    assert item_of(session, ann, group)["member_ids"] == sorted(person.id for person in people)
    assert item_of(session, ann, channel)["member_ids"] is None


def test_a_list_is_tagged_with_its_version_and_the_texts_that_are_in_it(session: Session, ann: models.User) -> None:
    workspace = a_workspace(session)
    chats = [a_chat(session, workspace, "group", with_members=[ann]) for _ in range(3)]
    shown, gone = (a_message(session, chat, ann)["id"] for chat in chats[:2])
    delete_message(session, ann.id, gone)
    assert asked(session, ann).tag == (ann.list_version, [shown])


def test_one_statement_reads_the_cursor_and_the_list_so_that_both_are_of_one_moment(
    session: Session, ann: models.User
) -> None:
    workspace = a_workspace(session)
    for type in ("group", "group", "private_channel", "public_channel") * 5:
        a_message(session, a_chat(session, workspace, type, with_members=[ann, a_user(session)]), ann)
    join_workspace(session, a_workspace(session), ann)
    asking = a_session(session, ann)
    with counted_statements(session) as statements:
        answer = chat_list(session.connection(), asking.id, ann.id)
    assert answer
    assert len(orjson.loads(answer.body)["items"]) == 20
    assert len(statements) == 1


def test_a_list_that_is_still_true_is_not_read_again(session: Session, chat: models.Chat, ann: models.User) -> None:
    message = a_message(session, chat, ann)
    asking, (tag, _) = a_session(session, ann), asked(session, ann)
    assert chat_list(session.connection(), asking.id, ann.id, None, tag) is None
    assert asked(session, ann, kept=tag._replace(list_version=tag.list_version + 1)).tag == tag
    delete_message(session, ann.id, message["id"])
    assert asked(session, ann, kept=tag).tag.texts == []


@pytest.mark.parametrize("workspace_id", [None, 2**62])
def test_an_ended_session_is_told_before_anything_else(
    session: Session, chat: models.Chat, ann: models.User, ben: models.User, workspace_id: int | None
) -> None:
    for asking in (a_session(session, ann, ended=True), a_session(session, ben)):
        for kept in (NO_LIST, asked(session, ann).tag):
            with pytest.raises(SessionEnded):
                chat_list(session.connection(), asking.id, ann.id, workspace_id, kept)
