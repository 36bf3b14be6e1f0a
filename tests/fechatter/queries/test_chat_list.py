"""The chat list says all about one's own chats, in as many statements as ever, and where to go on from."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.orm import Session

from fechatter import models
from fechatter.actions.messages import delete_message
from fechatter.actions.reading import mark_read
from fechatter.cursor import Place, read_cursor
from fechatter.errors import NotFound
from fechatter.queries.chat_list import chat_list
from fechatter.queries.messages import message_of
from fechatter.shapes import Shape, own_chat_shape
from tests.factories import a_chat, a_message, a_user, a_workspace, join_workspace, leave_chat
from tests.fechatter.scene import Scene


def ids(session: Session, user: models.User, workspace_id: int | None = None) -> list[int]:
    return [item["id"] for item in chat_list(session.connection(), user.id, workspace_id)["items"]]


def item_of(session: Session, user: models.User, chat: models.Chat) -> Shape:
    [item] = [i for i in chat_list(session.connection(), user.id)["items"] if i["id"] == chat.id]
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
    answer = chat_list(session.connection(), ann.id, here.id)
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
            chat_list(session.connection(), ann.id, workspace_id)
    assert chat_list(session.connection(), ann.id) == {"items": [], "cursor": "1"}


def test_the_cursor_stands_at_the_heads_of_the_feeds(session: Session, chat: models.Chat, ann: models.User) -> None:
    a_message(session, chat, ann)
    a_message(session, chat, ann)
    session.execute(text("SELECT relay_v1(:w, true, 500)"), {"w": chat.workspace_id})
    feed = session.get(models.Feed, chat.workspace_id, populate_existing=True)
    assert feed
    cursor = read_cursor(chat_list(session.connection(), ann.id)["cursor"])
    assert cursor == {chat.workspace_id: Place(feed.epoch, 2)}


def test_the_cursor_is_read_before_the_list(session: Session, chat: models.Chat, ann: models.User) -> None:
    with counted_statements(session) as statements:
        chat_list(session.connection(), ann.id)
    order = ["feeds" if "FROM feeds" in s or "JOIN feeds" in s else "list" for s in statements]
    assert order == ["feeds", "list", "list"]


def test_more_chats_take_no_more_statements(session: Session, ann: models.User) -> None:
    workspace = a_workspace(session)
    for type in ("group", "group", "private_channel", "public_channel") * 5:
        a_message(session, a_chat(session, workspace, type, with_members=[ann, a_user(session)]), ann)
    join_workspace(session, a_workspace(session), ann)
    with counted_statements(session) as statements:
        assert len(chat_list(session.connection(), ann.id)["items"]) == 20
    assert len(statements) == 3


def test_a_chat_that_empties_while_the_list_is_read_is_no_failure(scene: Scene) -> None:
    def empty(connection: Connection, cursor: object, statement: str, *_: object) -> None:
        if "array_agg" in statement:
            with scene.under_way() as other:
                other.execute(text("DELETE FROM chat_members WHERE chat_id = :id"), {"id": scene.chat.id})

    with scene.engine.connect() as connection:
        event.listen(connection, "before_cursor_execute", empty)
        [item] = chat_list(connection, scene.ann.id)["items"]
    assert item["member_ids"] == []
