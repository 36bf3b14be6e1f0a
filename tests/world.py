"""People who act through the product's own actions, each write committed: for tests of the doors behind them."""

import os
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, TypeVar

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from fechatter.actions.chat_members import add_members, remove_member
from fechatter.actions.chats import Plan, create_chat
from fechatter.actions.posting import Post, post_message
from fechatter.actions.workspace_members import enter_workspace, remove_from_workspace
from fechatter.actions.workspaces import create_workspace
from fechatter.feed.relay import relay
from fechatter.keys import key_id, read_private_key
from fechatter.models import Session as SignIn
from fechatter.models import User, Workspace
from fechatter.outbox import record_user_change
from fechatter.tokens import AUDIENCE, ISSUER

T = TypeVar("T")


@dataclass(frozen=True)
class Person:
    id: int
    session_id: int
    token: str


class World:
    """`publish` is what the relay does with its batches: by default nothing, as if Redis were away."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def write(self, action: Callable[[Session], T]) -> T:
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            return action(session)

    def person(self, name: str = "Ann") -> Person:
        def make(session: Session) -> Person:
            email = f"{uuid.uuid4().hex}@example.org"
            user = User(email=email, email_key=email, name=name, password_hash="x")
            session.add(user)
            session.flush()
            return self.sign_in(session, user.id)

        return self.write(make)

    @staticmethod
    def sign_in(session: Session, user_id: int) -> Person:
        sign_in = SignIn(user_id=user_id, nonce=b"x", device="test", expires_at=datetime.now(UTC) + timedelta(days=1))
        session.add(sign_in)
        session.flush()
        return Person(user_id, sign_in.id, access_token(user_id, sign_in.id))

    def workspace(self, owner: Person, *others: Person, role: str = "member") -> int:
        def make(session: Session) -> int:
            workspace = create_workspace(session, owner.id, f"Team {uuid.uuid4().hex[:8]}")
            for other in others:
                enter_workspace(session, workspace, other.id, role)
            return workspace.id

        return self.write(make)

    def enter(self, workspace_id: int, person: Person, role: str = "member") -> None:
        def make(session: Session) -> None:
            locked = select(Workspace).where(Workspace.id == workspace_id).with_for_update(key_share=True)
            enter_workspace(session, session.scalars(locked).one(), person.id, role)

        self.write(make)

    def leave(self, workspace_id: int, person: Person) -> None:
        self.write(lambda session: remove_from_workspace(session, person.id, workspace_id, person.id))

    def chat(
        self, owner: Person, workspace_id: int, *others: Person, type: str = "group", name: str | None = None
    ) -> int:
        ids = [person.id for person in others]
        name = name or (f"room {uuid.uuid4().hex[:8]}" if type.endswith("channel") else None)
        return self.write(lambda s: create_chat(s, owner.id, workspace_id, Plan(type, name, "", ids))[0].id)

    def add(self, by: Person, chat_id: int, *people: Person) -> None:
        self.write(lambda session: add_members(session, by.id, chat_id, [person.id for person in people]))

    def remove(self, by: Person, chat_id: int, person: Person) -> None:
        self.write(lambda session: remove_member(session, by.id, chat_id, person.id))

    def post(self, person: Person, chat_id: int, content: str, client_id: str | None = None) -> Any:
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            return post_message(connection, Post(person.session_id, person.id, chat_id, content, client_id, None))

    def end_session(self, person: Person, reason: str = "signed_out") -> None:
        def end(session: Session) -> None:
            ended = text("UPDATE sessions SET ended_at = now(), end_reason = :reason WHERE id = :id")
            session.execute(ended, {"id": person.session_id, "reason": reason})
            record_user_change(session, person.id, "session_ended", person.session_id, reason)

        self.write(end)

    def relay(self, workspace_id: int, publish: Callable[[Any], object] = lambda batches: None) -> int:
        return relay(self.engine, workspace_id, publish)


def access_token(user_id: int, session_id: int) -> str:
    """As web signs it."""
    now = int(time.time())
    claims = {
        "sub": str(user_id),
        "sid": session_id,
        "iat": now,
        "exp": now + 900,
        "jti": uuid.uuid4().hex,
        "type": "access",
        "iss": ISSUER,
        "aud": AUDIENCE,
    }
    key, kid = _signing_key(os.environ["JWT_PRIVATE_KEY"])
    return jwt.encode(claims, key, algorithm="EdDSA", headers={"kid": kid})


@cache
def _signing_key(pem: str) -> tuple[Ed25519PrivateKey, str]:
    key = read_private_key(pem.replace("\\n", "\n").encode())
    assert key
    return key, key_id(key.public_key())
