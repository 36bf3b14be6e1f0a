"""Makes what a test speaks of, straight in the tables and without events: `a_user()`, `a_chat(with_members=[...])`."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from fechatter import models
from fechatter.actions.posting import Post, Posted, post_message
from fechatter.shapes import Shape

_numbers = count(1)


@contextmanager
def committed(engine: Engine) -> Iterator[Session]:
    """A session for tests with several connections: what is made in it is there for all, behind the block."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


def _added(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row


def _next_outbox_id(session: Session) -> int:
    return session.scalar(text("SELECT nextval(pg_get_serial_sequence('outbox', 'id'))"))


def a_user(session: Session, name: str = "", **fields: Any) -> models.User:
    email = f"{name or 'user'}.{uuid4().hex[:12]}@example.org"
    return _added(session, models.User(email=email, email_key=email, name=name or "User", password_hash="-", **fields))


def a_session(session: Session, user: models.User, ended: bool = False) -> models.Session:
    """A sign-in of this person, good for a day."""
    now = datetime.now(UTC)
    row = models.Session(
        user_id=user.id,
        nonce=uuid4().bytes,
        device="a test",
        expires_at=now + timedelta(days=1),
        ended_at=now if ended else None,
        end_reason="signed_out" if ended else None,
    )
    return _added(session, row)


def a_workspace(session: Session, owner: models.User | None = None) -> models.Workspace:
    name = f"workspace-{uuid4().hex[:12]}"
    workspace = _added(session, models.Workspace(name=name, slug=name))
    _added(session, models.Feed(workspace_id=workspace.id))
    if owner:
        join_workspace(session, workspace, owner, "owner")
    return workspace


def join_workspace(
    session: Session, workspace: models.Workspace, user: models.User, role: str = "member"
) -> models.WorkspaceMember:
    workspace.member_count = (workspace.member_count or 0) + 1
    since = _next_outbox_id(session)
    return _added(session, models.WorkspaceMember(workspace_id=workspace.id, user_id=user.id, role=role, since=since))


def a_chat(
    session: Session,
    workspace: models.Workspace,
    type: str = "group",
    with_members: Iterable[models.User] = (),
    **fields: Any,
) -> models.Chat:
    """The first of `with_members` owns it; who is not in the workspace joins it on the way."""
    people = list(with_members)
    if type in models.CHANNELS:
        name = fields.setdefault("name", f"channel-{next(_numbers)}")
        fields["name_key"] = name.casefold()
    if type == "single":
        fields["pair_low"], fields["pair_high"] = sorted(person.id for person in people)
    creator = people[0].id if people else 0
    chat = _added(session, models.Chat(workspace_id=workspace.id, type=type, created_by=creator, **fields))
    for person in people:
        join_chat(session, chat, person, "owner" if person is people[0] and type != "single" else "member")
    return chat


def join_chat(session: Session, chat: models.Chat, user: models.User, role: str = "member") -> models.ChatMember:
    if session.get(models.WorkspaceMember, (chat.workspace_id, user.id)) is None:
        workspace = session.get(models.Workspace, chat.workspace_id)
        assert workspace
        join_workspace(session, workspace, user)
    chat.member_count = (chat.member_count or 0) + 1
    member = models.ChatMember(
        chat_id=chat.id,
        user_id=user.id,
        role=role,
        since=_next_outbox_id(session),
        last_read_seq=chat.last_seq or 0,
    )
    return _added(session, member)


def leave_chat(session: Session, chat: models.Chat, user: models.User) -> None:
    chat.member_count -= 1
    session.delete(session.get(models.ChatMember, (chat.id, user.id)))
    session.flush()


def post(session: Session, chat: models.Chat, user: models.User, content: str = "Hello", **more: Any) -> Posted:
    """As this person's client would, from a session of its own."""
    posted = post_message(session.connection(), Post(a_session(session, user).id, user.id, chat.id, content, **more))
    session.expire_all()
    return posted


def a_message(session: Session, chat: models.Chat, user: models.User, content: str = "Hello", **more: Any) -> Shape:
    posted = post(session, chat, user, content, **more)
    assert posted.shape, posted.outcome
    return posted.shape
