"""The demonstration: a believable company, made whole or not at all."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from fechatter import models
from fechatter.errors import Conflict
from fechatter.passwords import Passwords
from fechatter.seed import Demo, find_demo, make_demo
from fechatter.seed.script import read_script


@pytest.fixture(scope="module")
def seeded(engine: Engine) -> Iterator[tuple[Session, Demo]]:
    """In a transaction that is rolled back."""
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            assert not find_demo(session)
            yield session, make_demo(session)
        outer.rollback()


def chats(session: Session, demo: Demo) -> list[models.Chat]:
    return list(session.scalars(select(models.Chat).where(models.Chat.workspace_id == demo.workspace_id)))


def test_it_has_all_kinds_of_chats(seeded: tuple[Session, Demo]) -> None:
    kinds = {chat.type for chat in chats(*seeded)}
    assert kinds == {"single", "group", "private_channel", "public_channel"}


def test_its_conversation_is_in_order_and_has_replies(seeded: tuple[Session, Demo]) -> None:
    session, demo = seeded
    ours = [chat.id for chat in chats(*seeded)]
    messages = list(session.scalars(select(models.Message).where(models.Message.chat_id.in_(ours))))
    assert len(messages) == demo.messages >= 50
    assert sum(chat.last_seq for chat in chats(*seeded)) == demo.messages
    assert any(message.reply_to for message in messages)


def test_everybody_can_sign_in_with_the_password_that_is_told(seeded: tuple[Session, Demo]) -> None:
    session, demo = seeded
    hashes = list(session.scalars(select(models.User.password_hash).where(models.User.email.in_(demo.emails))))
    assert len(hashes) == 6
    assert all(Passwords().fits(demo.password, hashed) for hashed in hashes)


def test_nobody_stays_signed_in(seeded: tuple[Session, Demo]) -> None:
    session, demo = seeded
    ours = select(models.User.id).where(models.User.email.in_(demo.emails))
    living = select(models.Session.id).where(models.Session.user_id.in_(ours), models.Session.ended_at.is_(None))
    assert session.scalars(living).all() == []


def test_there_is_something_to_read(seeded: tuple[Session, Demo]) -> None:
    session, demo = seeded
    unread = """SELECT count(*) FROM chat_members m JOIN chats c ON c.id = m.chat_id
                 WHERE c.workspace_id = :w AND m.last_read_seq < c.last_seq"""
    assert (session.scalar(text(unread), {"w": demo.workspace_id}) or 0) > 5


def test_it_is_found_and_not_made_twice(seeded: tuple[Session, Demo]) -> None:
    session, _ = seeded
    assert find_demo(session)
    with pytest.raises(Conflict):
        make_demo(session)


def test_a_line_that_is_no_line_is_refused() -> None:
    with pytest.raises(ValueError, match="Ben says"):
        read_script("people: ben Ben\nsingle: ben\nBen says hello")
