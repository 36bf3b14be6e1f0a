"""All that the table names: one workspace with everyone in it, another one, chats of each type, and what has ended."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any
from uuid import uuid4

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from fechatter import models
from fechatter.actions.suspensions import suspend
from fechatter.queries.invites import hash_token
from tests.app.matrix.people import IN_CHATS, IN_WORKSPACE, UNKNOWN, People
from tests.app.matrix.table import NAME, Row
from tests.factories import committed

__all__ = ["UNKNOWN", "World"]

CHATS = {
    "single": "single",
    "group": "group",
    "private channel": "private_channel",
    "public channel": "public_channel",
    "read only channel": "public_channel",
    "deleted chat": "group",
}

numbers = count(1)


class World(People):
    """Made anew for whatever changes something. `things`: ids and tokens by the names that the table has for them."""

    def __init__(self, app: Flask, engine: Engine) -> None:
        super().__init__(app)
        with committed(engine) as session:
            self._people(session)
            self._workspaces(session)
            self._chats(session)
            self._invites(session)
            self._mails(session)
            self._reports(session)
            self._put_out(session)

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
        chats["read only channel"].read_only = True
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

    def _mails(self, session: Session) -> None:
        """To the author of messages."""
        author, now = self.users["author"], datetime.now(UTC)
        mails = {"to verify": ("verify", 1), "to reset": ("reset", 1), "that is over": ("reset", -1)}
        for name, (purpose, hours) in mails.items():
            token = self.things[f"token of a mail {name}"] = uuid4().hex
            mail = models.MailedToken(user_id=author.id, purpose=purpose, email_key=author.email_key)
            mail.hash, mail.expires_at = sha256(token.encode()).digest(), now + timedelta(hours=hours)
            session.add(mail)

    def _reports(self, session: Session) -> None:
        reports = {
            "report": self._report("workspace", "group", "message of group"),
            "other report": self._report("other workspace", "other chat", "other message"),
        }
        session.add_all(reports.values())
        session.flush()
        self.things |= {name: report.id for name, report in reports.items()}

    def _report(self, workspace: str, chat: str, message: str) -> models.Report:
        ids = {"workspace_id": self.things[workspace], "chat_id": self.things[chat], "message_id": self.things[message]}
        author, reporter = self.things["author"], self.things["other owner"]
        return models.Report(**ids, author_id=author, reporter_id=reporter, content="Hello", reason="Why")

    def _put_out(self, session: Session) -> None:
        for who in ("put out", "a suspended admin"):
            suspend(session, self.things["an owner"], self.things["workspace"], self.things[who])


def filled(text: str, things: Mapping[str, Any]) -> str:
    """With things for their names in braces."""
    return re.sub(NAME, lambda found: str(things[found[1]]), text)
