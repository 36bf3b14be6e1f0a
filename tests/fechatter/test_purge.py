"""What nobody can reach any more is removed, and nothing that a replay or a person still needs."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from fechatter import models
from fechatter.feed.relay import relay
from fechatter.feed.trim import trim_feed
from fechatter.purge import purge_chats, purge_departures, purge_expired, purge_workspaces
from fechatter.retention import BATCH, Budget
from tests.factories import a_chat, a_session, a_user, a_workspace, join_workspace

WEEK, MONTH = timedelta(days=8), timedelta(days=31)
Ask = Callable[..., int]


@pytest.fixture
def own(engine: Engine) -> Iterator[Session]:
    """A session that really commits: purges work on their own connections."""
    with Session(engine, expire_on_commit=False) as session:
        yield session
        session.rollback()


@pytest.fixture
def ask(engine: Engine) -> Ask:
    def scalar(query: str, **parameters: object) -> int:
        with engine.begin() as connection:
            return connection.scalar(text(query), parameters) or 0

    return scalar


def plenty() -> Budget:
    return Budget(60)


def record(session: Session, workspace_id: int, type: str, age: timedelta, **columns: object) -> int:
    row = models.Outbox(workspace_id=workspace_id, audience="workspace", type=type, body="{}", **columns)
    session.add(row)
    session.flush()
    session.execute(text("UPDATE outbox SET created_at = now() - :age WHERE id = :id"), {"age": age, "id": row.id})
    return row.id


def end(session: Session, thing: models.Chat | models.Workspace, ended: int, age: timedelta) -> None:
    table = thing.__tablename__
    session.execute(
        text(f"UPDATE {table} SET deleted_at = now() - :age, ended = :ended WHERE id = :id"),
        {"age": age, "ended": ended, "id": thing.id},
    )
    session.commit()


def a_deleted_chat(session: Session, age: timedelta, messages: int = 3) -> tuple[models.Chat, models.Workspace]:
    owner = a_user(session)
    workspace = a_workspace(session, owner)
    chat = a_chat(session, workspace, with_members=[owner])
    row = (
        "INSERT INTO messages (chat_id, seq, sender_id, content) SELECT :c, n, :u, 'x' FROM generate_series(1, :most) n"
    )
    session.execute(text(row), {"c": chat.id, "u": owner.id, "most": messages})
    end(session, chat, record(session, workspace.id, "chat.deleted", age, chat_id=chat.id), age)
    return chat, workspace


CHATS = "SELECT count(*) FROM chats WHERE id = :id"


def test_a_deleted_chat_stays_while_its_end_waits_in_the_outbox(engine: Engine, own: Session, ask: Ask) -> None:
    chat, _ = a_deleted_chat(own, WEEK)
    purge_chats(engine, plenty())
    assert ask(CHATS, id=chat.id) == 1


def test_a_deleted_chat_stays_while_its_end_can_be_replayed(engine: Engine, own: Session, ask: Ask) -> None:
    chat, workspace = a_deleted_chat(own, WEEK)
    relay(engine, workspace.id, lambda batches: None)
    purge_chats(engine, plenty())
    assert ask(CHATS, id=chat.id) == 1


def test_a_deleted_chat_goes_with_messages_and_members_once_its_end_is_trimmed(
    engine: Engine, own: Session, ask: Ask
) -> None:
    chat, workspace = a_deleted_chat(own, WEEK, messages=BATCH + 3)
    relay(engine, workspace.id, lambda batches: None)
    trim_feed(engine, workspace.id, plenty())
    purge_chats(engine, plenty())
    assert ask(CHATS, id=chat.id) == 0
    assert ask("SELECT count(*) FROM messages WHERE chat_id = :id", id=chat.id) == 0
    assert ask("SELECT count(*) FROM chat_members WHERE chat_id = :id", id=chat.id) == 0


def test_reports_keep_no_text_of_a_chat_that_is_purged(engine: Engine, own: Session, ask: Ask) -> None:
    chat, workspace = a_deleted_chat(own, WEEK)
    row = {"workspace_id": workspace.id, "author_id": 1, "content": "x", "reporter_id": 1, "reason": "Why"}
    own.add_all([models.Report(chat_id=chat_id, message_id=-chat.id - chat_id, **row) for chat_id in (chat.id, 0)])
    own.commit()
    relay(engine, workspace.id, lambda batches: None)
    trim_feed(engine, workspace.id, plenty())
    purge_chats(engine, plenty())
    texts = "SELECT count(content) FROM reports WHERE workspace_id = :w AND chat_id = :c"
    assert (ask(texts, w=workspace.id, c=chat.id), ask(texts, w=workspace.id, c=0)) == (0, 1)


def test_a_purge_without_time_left_keeps_the_chat_for_the_next(engine: Engine, own: Session, ask: Ask) -> None:
    chat, workspace = a_deleted_chat(own, WEEK)
    relay(engine, workspace.id, lambda batches: None)
    trim_feed(engine, workspace.id, plenty())
    purge_chats(engine, Budget(0))
    assert ask(CHATS, id=chat.id) == 1


def test_a_chat_that_is_not_deleted_is_never_purged(engine: Engine, own: Session, ask: Ask) -> None:
    owner = a_user(own)
    chat = a_chat(own, a_workspace(own, owner), with_members=[owner])
    own.commit()
    purge_chats(engine, plenty(), timedelta())
    assert ask(CHATS, id=chat.id) == 1


def test_a_deleted_workspace_goes_with_its_chats_and_its_feed(engine: Engine, own: Session, ask: Ask) -> None:
    owner = a_user(own)
    workspace = a_workspace(own, owner)
    chat = a_chat(own, workspace, with_members=[owner])
    ended = record(own, workspace.id, "workspace.deleted", WEEK)
    end(own, chat, ended, WEEK)
    end(own, workspace, ended, WEEK)
    feeds = "SELECT count(*) FROM feeds WHERE workspace_id = :id"

    relay(engine, workspace.id, lambda batches: None)
    purge_chats(engine, plenty())
    purge_workspaces(engine, plenty())
    assert ask(CHATS, id=chat.id) == ask(feeds, id=workspace.id) == 1

    trim_feed(engine, workspace.id, plenty())
    purge_workspaces(engine, plenty())
    assert ask(feeds, id=workspace.id) == 1, "its chats come first"

    purge_chats(engine, plenty())
    purge_workspaces(engine, plenty())
    assert ask("SELECT count(*) FROM workspaces WHERE id = :id", id=workspace.id) == 0
    assert ask("SELECT count(*) FROM workspace_members WHERE workspace_id = :id", id=workspace.id) == 0
    assert ask(feeds, id=workspace.id) == 0


@pytest.mark.parametrize(("table", "thing"), [("chat_departures", "chat_id"), ("workspace_departures", "workspace_id")])
def test_a_departure_is_remembered_as_long_as_its_event(
    engine: Engine, own: Session, ask: Ask, table: str, thing: str
) -> None:
    user = a_user(own)
    workspace = a_workspace(own)
    left_thing = a_chat(own, workspace) if thing == "chat_id" else workspace
    until = record(own, workspace.id, "member.removed", WEEK, to_user=user.id)
    own.execute(
        text(f"INSERT INTO {table} ({thing}, user_id, until, left_at) VALUES (:id, :u, :until, now() - :age)"),
        {"id": left_thing.id, "u": user.id, "until": until, "age": WEEK},
    )
    own.commit()
    left = f"SELECT count(*) FROM {table} WHERE user_id = :u"

    purge_departures(engine, plenty())
    assert ask(left, u=user.id) == 1, "in the outbox"
    relay(engine, workspace.id, lambda batches: None)
    purge_departures(engine, plenty())
    assert ask(left, u=user.id) == 1, "in the feed"
    trim_feed(engine, workspace.id, plenty())
    purge_departures(engine, plenty())
    assert ask(left, u=user.id) == 0


def test_a_departure_of_this_week_is_remembered_even_without_its_event(engine: Engine, own: Session, ask: Ask) -> None:
    user = a_user(own)
    own.execute(
        text("INSERT INTO chat_departures (chat_id, user_id, until) VALUES (1, :u, 1)"),
        {"u": user.id},
    )
    own.commit()
    purge_departures(engine, plenty())
    assert ask("SELECT count(*) FROM chat_departures WHERE user_id = :u", u=user.id) == 1


def test_sessions_go_a_month_after_they_ended_or_expired(engine: Engine, own: Session, ask: Ask) -> None:
    user = a_user(own)
    living, ended, expired, lately = (a_session(own, user) for _ in range(4))
    change = text(
        "UPDATE sessions SET ended_at = now() - CAST(:ended AS interval), expires_at = now() - :expired WHERE id = :id"
    )
    own.execute(change, {"id": ended.id, "ended": MONTH, "expired": -MONTH})
    own.execute(change, {"id": expired.id, "ended": None, "expired": MONTH})
    own.execute(change, {"id": lately.id, "ended": WEEK, "expired": -MONTH})
    own.commit()
    purge_expired(engine, plenty())
    with engine.connect() as connection:
        left = set(connection.scalars(text("SELECT id FROM sessions WHERE user_id = :u"), {"u": user.id}))
    assert left == {living.id, lately.id}


def test_tickets_and_told_changes_go_when_their_time_is_over(engine: Engine, own: Session, ask: Ask) -> None:
    user = a_user(own)
    for age in (timedelta(days=2), timedelta()):
        own.execute(
            text("INSERT INTO tickets VALUES (decode(md5(random()::text), 'hex'), 1, :u, now() - :age)"),
            {"u": user.id, "age": age},
        )
        own.execute(
            text("INSERT INTO user_changes (user_id, kind, created_at) VALUES (:u, 'session_ended', now() - :age)"),
            {"u": user.id, "age": age},
        )
    own.commit()
    purge_expired(engine, plenty())
    assert ask("SELECT count(*) FROM tickets WHERE user_id = :u", u=user.id) == 1
    assert ask("SELECT count(*) FROM user_changes WHERE user_id = :u", u=user.id) == 1


def test_tokens_from_mails_go_when_they_expire_and_mails_a_week_after_nobody_could_send_them(
    engine: Engine, own: Session, ask: Ask
) -> None:
    user = a_user(own)
    token = """INSERT INTO mailed_tokens (hash, user_id, purpose, email_key, expires_at)
               VALUES (decode(md5(random()::text), 'hex'), :u, 'reset', 'a@example.org', now() - :age)"""
    mail = "INSERT INTO mails (kind, email, created_at) VALUES ('reset', :email, now() - :age)"
    for age in (timedelta(minutes=1), -timedelta(minutes=1)):
        own.execute(text(token), {"u": user.id, "age": age})
    for age in (WEEK, timedelta(days=6)):
        own.execute(text(mail), {"email": user.email, "age": age})
    own.commit()
    purge_expired(engine, plenty())
    assert ask("SELECT count(*) FROM mailed_tokens WHERE user_id = :u", u=user.id) == 1
    assert ask("SELECT count(*) FROM mails WHERE email = :email", email=user.email) == 1


def test_an_invitation_goes_a_month_after_it_became_useless(engine: Engine, own: Session, ask: Ask) -> None:
    owner = a_user(own)
    workspace = a_workspace(own, owner)
    join_workspace(own, workspace, a_user(own))
    row = """INSERT INTO invites (workspace_id, token_hash, role, created_by, expires_at, withdrawn_at)
             VALUES (:w, decode(md5(random()::text), 'hex'), 'member', :u, now() - :expired,
                     now() - CAST(:withdrawn AS interval))"""
    for expired, withdrawn in ((MONTH, None), (-MONTH, MONTH), (-MONTH, None), (WEEK, None)):
        own.execute(text(row), {"w": workspace.id, "u": owner.id, "expired": expired, "withdrawn": withdrawn})
    own.commit()
    purge_expired(engine, plenty())
    assert ask("SELECT count(*) FROM invites WHERE workspace_id = :w", w=workspace.id) == 2
