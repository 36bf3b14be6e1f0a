"""What is loaded through a person is of one moment, and as it is now."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from fechatter.access import chat_for, message_for, workspace_for
from fechatter.actions.chats import Plan, create_chat
from fechatter.errors import NotFound
from fechatter.queries.chats import chat_view
from tests.factories import a_chat, a_user, a_workspace, committed, post
from tests.fechatter.scene import Scene


def test_nobody_has_read_further_than_the_chat_reaches(engine: Engine) -> None:
    with committed(engine) as session:
        maria = a_user(session)
        chat = a_chat(session, a_workspace(session, maria), "private_channel", [maria])
    reading = engine.execution_options(isolation_level="AUTOCOMMIT")

    def post_behind_the_first_statement(*_: Any) -> None:
        with committed(engine) as session:
            post(session, chat, maria)

    with Session(reading) as session:
        session.connection()
        event.listen(reading, "after_cursor_execute", post_behind_the_first_statement, once=True)
        seat = chat_for(session, maria.id, chat.id)
        assert seat.member
        assert seat.member.last_read_seq <= seat.chat.last_seq
        assert chat_view(session, seat)["unread_count"] == 0


def test_what_was_loaded_before_is_read_again(engine: Engine) -> None:
    with committed(engine) as session:
        maria, ben = a_user(session), a_user(session)
        chat = a_chat(session, a_workspace(session, maria), "private_channel", [maria, ben])
    with Session(engine) as session:
        before = chat_for(session, ben.id, chat.id)
        assert before.member.role == "member"
        with committed(engine) as other:
            chat_for(other, ben.id, chat.id).member.role = "admin"
        assert chat_for(session, ben.id, chat.id, lock=True).member.role == "admin"
        assert before.member.role == "admin"


def test_a_stranger_waits_for_no_lock_of_what_it_may_not_know_of(scene: Scene) -> None:
    with committed(scene.engine) as session:
        stranger = a_user(session).id
    workspace, chat, message = scene.chat.workspace_id, scene.chat.id, (scene.post(scene.ann).shape or {})["id"]
    calls: list[Callable[[Session], object]] = [
        lambda session: workspace_for(session, stranger, workspace, lock=True),
        lambda session: chat_for(session, stranger, chat, lock=True),
        lambda session: message_for(session, stranger, message, lock=True),
        lambda session: create_chat(session, stranger, workspace, Plan("public_channel", "Mine")),
    ]
    with scene.under_way() as busy:
        workspace_for(busy, scene.ann.id, workspace, lock=True)
        message_for(busy, scene.ann.id, message, lock=True)
        for call in calls:
            with Session(scene.engine) as session:
                session.execute(text("SET LOCAL lock_timeout = '200ms'"))
                with pytest.raises(NotFound):
                    call(session)
