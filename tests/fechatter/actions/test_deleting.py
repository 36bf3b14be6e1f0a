"""Who deletes a message, what stays of it, and where its text is gone from."""

import orjson
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from fechatter import models
from fechatter.actions.messages import delete_message, edit_message
from fechatter.errors import Forbidden, NotFound
from fechatter.shapes import message_shape
from tests.factories import (
    a_chat,
    a_message,
    a_user,
    a_workspace,
    join_workspace,
)
from tests.fechatter.actions.told import told


def test_deleting_leaves_a_tombstone_and_tells_of_it(session: Session, chat: models.Chat, ann: models.User) -> None:
    message = a_message(session, chat, ann, "secret", client_id="c")
    delete_message(session, ann.id, message["id"])
    stored = session.get(models.Message, message["id"])
    assert stored
    tombstone = message_shape(stored)
    assert tombstone == message | {"content": None, "deleted_at": tombstone["deleted_at"]}
    assert tombstone["deleted_at"] > message["created_at"]
    event = told(session, chat.workspace_id)[-1]
    assert (event.type, event.audience, event.message_id) == ("message.deleted", "chat", message["id"])
    assert event.says["message"] == tombstone


def test_the_text_of_a_deleted_message_is_in_no_event(session: Session, chat: models.Chat, ann: models.User) -> None:
    other = a_message(session, chat, ann, "stays")
    message = a_message(session, chat, ann, "secret one")
    relayed = [(e.id, e.says) for e in told(session, chat.workspace_id)]
    session.execute(text("SELECT relay_v2(ARRAY[:w], true, 500)"), {"w": chat.workspace_id})
    edit_message(session, ann.id, message["id"], "secret two")
    delete_message(session, ann.id, message["id"])
    in_feed = text("SELECT body FROM events WHERE workspace_id = :w ORDER BY position")
    first, blanked = [orjson.loads(b) for b in session.scalars(in_feed, {"w": chat.workspace_id})]
    assert first["message"] == other
    before = dict(relayed)[max(dict(relayed))]
    assert blanked == before | {"message": message | {"content": None}}
    session.expire_all()
    waiting = told(session, chat.workspace_id)
    assert [e.type for e in waiting] == ["message.updated", "message.deleted"]
    assert "secret" not in str(waiting)


def test_deleting_twice_tells_of_it_once(session: Session, chat: models.Chat, ann: models.User) -> None:
    message = a_message(session, chat, ann)
    delete_message(session, ann.id, message["id"])
    delete_message(session, ann.id, message["id"])
    assert [e.type for e in told(session, chat.workspace_id)].count("message.deleted") == 1


def test_a_reply_outlives_what_it_answers(session: Session, chat: models.Chat, ann: models.User) -> None:
    message = a_message(session, chat, ann)
    reply = a_message(session, chat, ann, reply_to=message["id"])
    delete_message(session, ann.id, message["id"])
    stored = session.get(models.Message, reply["id"], populate_existing=True)
    assert stored
    assert message_shape(stored) == reply


def test_the_chats_owner_deletes_what_others_wrote_and_members_do_not(
    session: Session, chat: models.Chat, ann: models.User, ben: models.User
) -> None:
    of_owner, of_member = a_message(session, chat, ann), a_message(session, chat, ben)
    delete_message(session, ann.id, of_member["id"])
    with pytest.raises(Forbidden):
        delete_message(session, ben.id, of_owner["id"])


def test_a_workspace_admin_deletes_in_a_public_channel_without_being_in_it(
    session: Session, channel: models.Chat, ann: models.User
) -> None:
    workspace = session.get(models.Workspace, channel.workspace_id)
    assert workspace
    admin, colleague = a_user(session), a_user(session)
    join_workspace(session, workspace, admin, "admin")
    join_workspace(session, workspace, colleague, "member")
    message = a_message(session, channel, ann)
    with pytest.raises(Forbidden):
        delete_message(session, colleague.id, message["id"])
    delete_message(session, admin.id, message["id"])
    assert told(session, channel.workspace_id)[-1].says["actor_id"] == admin.id


def test_a_workspace_owner_does_not_see_into_a_private_channel(session: Session, ann: models.User) -> None:
    owner = a_user(session)
    chat = a_chat(session, a_workspace(session, owner), "private_channel", with_members=[ann])
    message = a_message(session, chat, ann)
    with pytest.raises(NotFound):
        delete_message(session, owner.id, message["id"])
    with pytest.raises(NotFound):
        delete_message(session, owner.id, 2**63 - 1)
