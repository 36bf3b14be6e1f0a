"""What is loaded through a person is of one moment, and as it is now."""

from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from fechatter.access import chat_for
from fechatter.queries.chats import chat_view
from tests.factories import a_chat, a_user, a_workspace, committed, post


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
