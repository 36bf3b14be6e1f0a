"""Posting, one transaction at a time; the races are in test_races_posting."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from fechatter import models
from fechatter.actions.messages import delete_message, edit_message
from fechatter.actions.posting import Post, post_message
from fechatter.shapes import message_shape
from tests.factories import (
    a_chat,
    a_message,
    a_session,
    a_user,
    a_workspace,
    join_workspace,
    leave_chat,
    post,
)
from tests.fechatter.actions.told import told


def last_read(session: Session, chat: models.Chat, user: models.User) -> int:
    member = session.get(models.ChatMember, (chat.id, user.id), populate_existing=True)
    assert member
    return member.last_read_seq


def test_a_post_is_numbered_stored_and_told_alike(session: Session, chat: models.Chat, ann: models.User) -> None:
    posted = post(session, chat, ann, 'Grüße \U0001f600\n"\\ \x01', client_id="c-1")
    stored = session.get(models.Message, posted.shape["id"] if posted.shape else 0)
    [event] = told(session, chat.workspace_id)
    assert posted.outcome == "created"
    assert posted.workspace_id == chat.workspace_id
    assert stored
    assert posted.shape == message_shape(stored) == event.says["message"]
    assert posted.shape["seq"] == 1
    assert (event.type, event.audience, event.to_user, event.message_id) == ("message.created", "chat", None, stored.id)
    said = dict(event.says)
    del said["message"]
    assert said == {
        "type": "message.created",
        "workspace_id": chat.workspace_id,
        "chat_id": chat.id,
        "actor_id": ann.id,
        "at": posted.shape["created_at"],
    }


def test_an_event_stands_on_one_line(session: Session, chat: models.Chat, ann: models.User) -> None:
    a_message(session, chat, ann, "one\ntwo\rthree")
    [body] = session.scalars(select(models.Outbox.body).where(models.Outbox.chat_id == chat.id))
    assert "\n" not in body
    assert "\r" not in body


def test_sequence_numbers_are_dense_and_times_rise(session: Session, chat: models.Chat, ann: models.User) -> None:
    messages = [a_message(session, chat, ann) for _ in range(5)]
    assert [m["seq"] for m in messages] == [1, 2, 3, 4, 5]
    assert chat.last_seq == 5
    times = [m["created_at"] for m in messages]
    assert times == sorted(set(times))


def test_times_rise_even_where_the_clock_was_set_back(session: Session, chat: models.Chat, ann: models.User) -> None:
    session.execute(text("UPDATE chats SET active_at = '2100-01-01' WHERE id = :id"), {"id": chat.id})
    assert a_message(session, chat, ann)["created_at"] == "2100-01-01T00:00:00.000001Z"


def test_posting_moves_ones_own_pointer_and_nobody_elses(
    session: Session, chat: models.Chat, ann: models.User, ben: models.User
) -> None:
    a_message(session, chat, ann)
    a_message(session, chat, ann)
    assert last_read(session, chat, ann) == 2
    assert last_read(session, chat, ben) == 0


def test_a_repeated_client_id_gives_the_message_as_it_is_now(
    session: Session, chat: models.Chat, ann: models.User, ben: models.User
) -> None:
    first = a_message(session, chat, ann, "once", client_id="c")
    a_message(session, chat, ben)
    edited = edit_message(session, ann.id, first["id"], "twice")
    active_at, read = chat.active_at, last_read(session, chat, ann)
    again = post(session, chat, ann, "another text", client_id="c")
    assert (again.outcome, again.shape) == ("repeated", edited)
    assert (chat.last_seq, chat.active_at, last_read(session, chat, ann)) == (2, active_at, read)
    assert [e.type for e in told(session, chat.workspace_id)].count("message.created") == 2


def test_a_repeat_of_a_deleted_message_gives_its_tombstone(
    session: Session, chat: models.Chat, ann: models.User
) -> None:
    first = a_message(session, chat, ann, "secret", client_id="c")
    delete_message(session, ann.id, first["id"])
    again = post(session, chat, ann, "secret", client_id="c")
    assert again.outcome == "repeated"
    assert again.shape
    assert again.shape["content"] is None
    assert again.shape["deleted_at"] is not None


def test_a_client_id_is_ones_own_and_of_one_chat(
    session: Session, chat: models.Chat, channel: models.Chat, ann: models.User, ben: models.User
) -> None:
    messages = [
        a_message(session, chat, ann, client_id="c"),
        a_message(session, chat, ben, client_id="c"),
        a_message(session, channel, ann, client_id="c"),
    ]
    assert len({m["id"] for m in messages}) == 3


def test_a_repeat_needs_the_rights_of_a_post(session: Session, chat: models.Chat, ben: models.User) -> None:
    a_message(session, chat, ben, client_id="c")
    leave_chat(session, chat, ben)
    assert post(session, chat, ben, client_id="c").outcome == "outside"


@pytest.mark.parametrize("type", ["group", "private_channel", "public_channel"])
def test_who_is_not_in_the_chat_cannot_post(session: Session, ann: models.User, type: str) -> None:
    chat = a_chat(session, a_workspace(session), type, with_members=[ann])
    colleague = a_user(session)
    workspace = session.get(models.Workspace, chat.workspace_id)
    assert workspace
    join_workspace(session, workspace, colleague, "owner")
    before = chat.active_at
    assert post(session, chat, colleague).outcome == "outside"
    assert (chat.last_seq, chat.active_at, told(session, chat.workspace_id)) == (0, before, [])


def test_an_ended_expired_or_foreign_session_cannot_post(
    session: Session, chat: models.Chat, ann: models.User, ben: models.User
) -> None:
    ended, foreign, expired = a_session(session, ann, ended=True), a_session(session, ben), a_session(session, ann)
    session.execute(text("UPDATE sessions SET expires_at = now() WHERE id = :id"), {"id": expired.id})
    for bad in (ended, foreign, expired):
        posted = post_message(session.connection(), Post(bad.id, ann.id, chat.id, "Hello"))
        assert (posted.outcome, posted.shape) == ("session_ended", None)
    assert post_message(session.connection(), Post(ended.id, ann.id, 2**62, "Hello")).outcome == "session_ended"
    session.expire_all()
    assert chat.last_seq == 0


def test_nothing_is_posted_or_counted_in_a_chat_that_has_ended(
    session: Session, chat: models.Chat, ann: models.User
) -> None:
    a_message(session, chat, ann)
    session.execute(text("UPDATE chats SET deleted_at = now() WHERE id = :id"), {"id": chat.id})
    before = chat.active_at
    assert post(session, chat, ann).outcome == "absent"
    assert post(session, chat, a_user(session)).outcome == "outside"
    assert (chat.last_seq, chat.active_at) == (1, before)


def test_one_is_as_much_outside_of_a_chat_that_there_is_not(session: Session, ann: models.User) -> None:
    sid = a_session(session, ann).id
    assert post_message(session.connection(), Post(sid, ann.id, 2**63 - 1, "Hello")).outcome == "outside"


def test_one_replies_only_within_a_chat(
    session: Session, chat: models.Chat, channel: models.Chat, ann: models.User
) -> None:
    here, elsewhere = a_message(session, chat, ann), a_message(session, channel, ann)
    reply = a_message(session, chat, ann, reply_to=here["id"])
    assert reply["reply_to"] == here["id"]
    assert told(session, chat.workspace_id)[-1].says["message"] == reply
    for bad in (elsewhere["id"], 2**63 - 1):
        assert post(session, chat, ann, reply_to=bad).outcome == "bad_reply"
    assert chat.last_seq == 2


def test_a_refused_post_puts_the_activity_back(session: Session, chat: models.Chat, ann: models.User) -> None:
    assert post(session, chat, ann, reply_to=1).outcome == "bad_reply"
    assert chat.active_at == chat.created_at
    first = a_message(session, chat, ann)
    active_at = chat.active_at
    assert post(session, chat, ann, reply_to=1).outcome == "bad_reply"
    assert (chat.active_at, chat.last_seq) == (active_at, first["seq"])
