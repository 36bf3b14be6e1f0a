"""How far one has read: forward only, told to oneself only."""

import pytest
from sqlalchemy.orm import Session

from fechatter import models
from fechatter.actions.reading import mark_read
from fechatter.errors import Forbidden, NotFound
from tests.factories import a_message, leave_chat
from tests.fechatter.actions.told import told


@pytest.fixture
def chat_of_five(session: Session, chat: models.Chat, ben: models.User) -> models.Chat:
    for _ in range(5):
        a_message(session, chat, ben)
    return chat


def list_version(session: Session, user: models.User) -> int:
    session.refresh(user)
    return user.list_version


def test_reading_moves_the_pointer_and_tells_oneself(
    session: Session, chat_of_five: models.Chat, ann: models.User, ben: models.User
) -> None:
    assert mark_read(session, ann.id, chat_of_five.id, 3) == {"last_read_seq": 3, "unread_count": 2}
    event = told(session, chat_of_five.workspace_id)[-1]
    assert (event.type, event.audience, event.chat_id, event.to_user) == (
        "read.updated",
        "user",
        chat_of_five.id,
        ann.id,
    )
    assert event.says["last_read_seq"] == 3
    assert (list_version(session, ann), list_version(session, ben)) == (1, 0)


def test_reading_goes_no_further_than_the_newest_message(
    session: Session, chat_of_five: models.Chat, ann: models.User
) -> None:
    assert mark_read(session, ann.id, chat_of_five.id, 2**63 - 1) == {"last_read_seq": 5, "unread_count": 0}


@pytest.mark.parametrize("seq", [0, 2, 3])
def test_what_moves_nothing_tells_nothing(
    session: Session, chat_of_five: models.Chat, ann: models.User, seq: int
) -> None:
    mark_read(session, ann.id, chat_of_five.id, 3)
    before, version = told(session, chat_of_five.workspace_id), list_version(session, ann)
    assert mark_read(session, ann.id, chat_of_five.id, seq) == {"last_read_seq": 3, "unread_count": 2}
    assert (told(session, chat_of_five.workspace_id), list_version(session, ann)) == (before, version)


def test_only_members_read(session: Session, chat: models.Chat, channel: models.Chat, ben: models.User) -> None:
    leave_chat(session, chat, ben)
    leave_chat(session, channel, ben)
    with pytest.raises(NotFound):
        mark_read(session, ben.id, chat.id, 1)
    with pytest.raises(Forbidden):
        mark_read(session, ben.id, channel.id, 1)
