"""Who edits a message, and what all hear of it."""

import pytest
from sqlalchemy.orm import Session

from fechatter import models
from fechatter.actions.messages import delete_message, edit_message
from fechatter.errors import Conflict, Forbidden, NotFound
from tests.factories import (
    a_message,
    leave_chat,
)
from tests.fechatter.actions.told import told


def test_its_author_edits_a_message_and_all_hear_it(session: Session, chat: models.Chat, ann: models.User) -> None:
    message = a_message(session, chat, ann, "befor")
    edited = edit_message(session, ann.id, message["id"], "before")
    assert edited == message | {"content": "before", "edited_at": edited["edited_at"]}
    assert edited["edited_at"] > message["created_at"]
    event = told(session, chat.workspace_id)[-1]
    assert (event.type, event.audience, event.message_id) == ("message.updated", "chat", message["id"])
    assert event.says["message"] == edited
    assert event.says["actor_id"] == ann.id


def test_nobody_edits_anothers_message(
    session: Session, channel: models.Chat, ann: models.User, ben: models.User
) -> None:
    message = a_message(session, channel, ben)
    with pytest.raises(Forbidden) as refused:
        edit_message(session, ann.id, message["id"], "other words")
    assert refused.value.code == "not_author"


def test_an_author_who_left_a_public_channel_edits_and_deletes_no_more(
    session: Session, channel: models.Chat, ben: models.User
) -> None:
    message = a_message(session, channel, ben)
    leave_chat(session, channel, ben)
    with pytest.raises(Forbidden):
        edit_message(session, ben.id, message["id"], "other words")
    with pytest.raises(Forbidden):
        delete_message(session, ben.id, message["id"])


def test_an_author_who_left_a_group_finds_nothing_there(session: Session, chat: models.Chat, ben: models.User) -> None:
    message = a_message(session, chat, ben)
    leave_chat(session, chat, ben)
    with pytest.raises(NotFound):
        edit_message(session, ben.id, message["id"], "other words")
    with pytest.raises(NotFound):
        delete_message(session, ben.id, message["id"])


def test_a_deleted_message_is_not_edited(session: Session, chat: models.Chat, ann: models.User) -> None:
    message = a_message(session, chat, ann)
    delete_message(session, ann.id, message["id"])
    with pytest.raises(Conflict) as refused:
        edit_message(session, ann.id, message["id"], "back again")
    assert refused.value.code == "message_deleted"
