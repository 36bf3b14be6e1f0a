"""All that the table names: one workspace with everyone in it, another one, chats of each type, and what has ended."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any
from uuid import uuid4

from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from fechatter import models
from fechatter.actions.invites import hash_token
from fechatter.passwords import MEMORY_KIB, PASSES
from tests.app.matrix.table import NAME, Row
from tests.factories import committed
from tests.world import access_token

SUSPENSION_ENDS_SESSIONS = False
"""Whether the product refuses an account by `suspended_at` alone. Until it does, its session is ended here, and calls
that take no token are not asked for it. True turns the whole column on."""

PASSWORD = "correct horse battery staple"
UNKNOWN = 2**62

IN_WORKSPACE = {
    **{"suspended": "member", "guest": "guest", "outsider": "member", "left": "member", "guest in it": "guest"},
    **{
        "member": "member",
        "admin": "member",
        "owner": "member",
        "workspace admin": "admin",
        "workspace owner": "owner",
    },
    **{"author": "member", "other owner": "member", "newcomer": "member"},
    **{"a guest": "guest", "a member": "member", "an admin": "admin", "an owner": "owner"},
}
IN_CHATS = {
    **{"suspended": "owner", "guest in it": "member", "member": "member", "admin": "admin", "owner": "owner"},
    **{"author": "member", "other owner": "owner"},
}
"""`author` and all below it have things done to them, and ask for nothing."""

CHATS = {
    "single": "single",
    "group": "group",
    "private channel": "private_channel",
    "public channel": "public_channel",
    "deleted chat": "group",
}

numbers = count(1)


@cache
def hashed_password() -> str:
    return PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=1).hash(PASSWORD)


class World:
    """Made anew for whatever changes something. `things`: ids and tokens by the names that the table has for them."""

    def __init__(self, app: Flask, engine: Engine) -> None:
        self.app, self.things = app, dict[str, Any]()
        self.users, self.sessions = dict[str, models.User](), dict[str, models.Session]()
        with committed(engine) as session:
            self._people(session)
            self._workspaces(session)
            self._chats(session)
            self._invites(session)

    def ask(self, row: Row, who: str, headers: Mapping[str, str] = {}, **instead: Any) -> TestResponse:
        """`instead`: other things by these names, with `_` for a space."""
        things = self.things | self.own(who) | {name.replace("_", " "): thing for name, thing in instead.items()}
        method, path, body = row.method, filled(row.path, things), filled(row.body, things)
        return self.call(method, path, body, who, headers)

    def path(self, row: Row, who: str) -> str:
        return filled(row.path, self.things | self.own(who))

    def call(self, method: str, path: str, body: str, who: str, headers: Mapping[str, str] = {}) -> TestResponse:
        bearer = {"Authorization": f"Bearer {self.token(who)}"} if who in self.sessions else {}
        sent: Any = {"data": body, "content_type": "application/json"} if body else {}
        return self.app.test_client().open(path, method=method, headers={**bearer, **headers}, **sent)

    def token(self, who: str) -> str:
        sign_in = self.sessions[who]
        return access_token(sign_in.user_id, sign_in.id)

    def own(self, who: str) -> dict[str, Any]:
        fresh = f"{uuid4().hex}@example.org"
        if who not in self.users:
            return {
                "oneself": UNKNOWN,
                "own email": fresh,
                "own session": UNKNOWN,
                "own refresh token": f"1.1.{'x' * 43}",
                "a new email": fresh,
            }
        return {
            "oneself": self.users[who].id,
            "own email": self.users[who].email,
            "own session": self.sessions[who].id,
            "own refresh token": self.app.extensions["fechatter"].refresh_tokens.write(self.sessions[who]),
            "a new email": fresh,
        }

    def _people(self, session: Session) -> None:
        now = datetime.now(UTC)
        for name in (*IN_WORKSPACE, "stranger", "gone"):
            email = f"{name.replace(' ', '.')}.{uuid4().hex}@example.org"
            user = models.User(email=email, email_key=email, name=name.title(), password_hash=hashed_password())
            self.users[name] = user
        self.users["suspended"].suspended_at = now
        session.add_all(self.users.values())
        session.flush()
        for name, user in self.users.items():
            over = name == "suspended" and not SUSPENSION_ENDS_SESSIONS
            sign_in = models.Session(user_id=user.id, nonce=uuid4().bytes, device="a test")
            sign_in.expires_at, sign_in.ended_at = now + timedelta(days=1), now if over else None
            self.sessions[name] = sign_in
        session.add_all(self.sessions.values())
        session.flush()
        self.things |= {name: user.id for name, user in self.users.items()} | {"password": PASSWORD}
        self.things["session of author"] = self.sessions["author"].id

    def _workspaces(self, session: Session) -> None:
        made = {name: self._workspace() for name in ("workspace", "other workspace", "deleted workspace")}
        made["deleted workspace"].deleted_at = datetime.now(UTC)
        session.add_all(made.values())
        session.flush()
        self.things |= {name: workspace.id for name, workspace in made.items()}
        session.add_all(models.Feed(workspace_id=workspace.id) for workspace in made.values())
        for name in ("workspace", "deleted workspace"):
            session.add_all(self._member(name, who, role) for who, role in IN_WORKSPACE.items())
            made[name].member_count = len(IN_WORKSPACE)
        session.add(self._member("other workspace", "stranger", "owner"))
        gone = {"workspace_id": made["workspace"].id, "user_id": self.users["gone"].id, "until": 1}
        session.add(models.WorkspaceDeparture(**gone))
        session.flush()

    @staticmethod
    def _workspace() -> models.Workspace:
        name = f"workspace-{uuid4().hex}"
        return models.Workspace(name=name, slug=name, member_count=1)

    def _member(self, workspace: str, who: str, role: str) -> models.WorkspaceMember:
        ids = {"workspace_id": self.things[workspace], "user_id": self.users[who].id}
        return models.WorkspaceMember(**ids, role=role, since=1, public_since=None if role == "guest" else 1)

    def _chats(self, session: Session) -> None:
        chats = {name: self._chat(name, type) for name, type in CHATS.items()}
        chats["deleted chat"].deleted_at = datetime.now(UTC)
        chats["other chat"] = self._chat("other", "private_channel", "other workspace")
        pair = sorted(self.users[who].id for who in ("member", "author"))
        chats["single"].pair_low, chats["single"].pair_high = pair
        session.add_all(chats.values())
        session.flush()
        for name, chat in chats.items():
            roles = {"stranger": "owner"} if name == "other chat" else IN_CHATS
            if name == "single":
                roles = {"member": "member", "author": "member"}
            chat.member_count = len(roles)
            session.add_all(self._seat(chat, who, role) for who, role in roles.items())
        said = {
            f"message of {name}" if name in CHATS else "other message": self._message(chat, 1, "author")
            for name, chat in chats.items()
        }
        said["message of member in group"] = self._message(chats["group"], 2, "member")
        session.add_all(said.values())
        session.flush()
        self.things |= {name: thing.id for name, thing in (*chats.items(), *said.items())}

    def _chat(self, name: str, type: str, workspace: str = "workspace") -> models.Chat:
        chat = models.Chat(workspace_id=self.things[workspace], type=type, created_by=self.users["owner"].id)
        if type in models.CHANNELS:
            chat.name = chat.name_key = f"{name} {next(numbers)}"
        return chat

    def _seat(self, chat: models.Chat, who: str, role: str) -> models.ChatMember:
        return models.ChatMember(chat_id=chat.id, user_id=self.users[who].id, role=role, since=1, last_read_seq=0)

    def _message(self, chat: models.Chat, seq: int, who: str) -> models.Message:
        chat.last_seq = seq
        return models.Message(chat_id=chat.id, seq=seq, sender_id=self.users[who].id, content="Hello")

    def _invites(self, session: Session) -> None:
        now, mine = datetime.now(UTC), {"workspace_id": self.things["workspace"], "created_by": self.things["an owner"]}
        other = {"workspace_id": self.things["other workspace"], "created_by": self.things["stranger"]}
        invites = {
            "invite": mine,
            "an invite that is withdrawn": mine | {"withdrawn_at": now},
            "an invite that is over": mine | {"expires_at": now - timedelta(seconds=1)},
            "an invite of somebody else": mine | {"email_key": self.users["newcomer"].email_key},
            "other invite": other,
        }
        later = {"role": "member", "expires_at": now + timedelta(days=1)}
        tokens = {name: f"{name.replace(' ', '-')}-{uuid4().hex}" for name in invites}
        made = {
            name: models.Invite(**(later | fields), token_hash=hash_token(tokens[name]))
            for name, fields in invites.items()
        }
        session.add_all(made.values())
        session.flush()
        self.things |= {name: invite.id for name, invite in made.items()}
        self.things |= {f"token of {name}": token for name, token in tokens.items()}


def filled(text: str, things: Mapping[str, Any]) -> str:
    """With things for their names in braces."""
    return re.sub(NAME, lambda found: str(things[found[1]]), text)
