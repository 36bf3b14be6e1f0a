"""The people whom the table names, each with a sign-in, a personal access token and what is its own."""

from datetime import UTC, datetime, timedelta
from functools import cache
from time import time
from typing import Any
from uuid import uuid4

from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy.orm import Session

from fechatter import models
from fechatter.actions.accounts import suspend_account
from fechatter.one_time_codes import STEP, code_at
from fechatter.passwords import MEMORY_KIB, PASSES
from tests.push_service import Browser
from tests.world import access_token

PASSWORD = "correct horse battery staple"
AUTHENTICATOR = b"of everybody, 160 bit"
UNKNOWN = 2**62

IN_WORKSPACE = {
    **{"suspended": "member", "put out": "member", "guest": "guest", "outsider": "member", "left": "member"},
    **{"guest in it": "guest", "member": "member", "admin": "member", "owner": "member"},
    **{"workspace admin": "admin", "workspace owner": "owner"},
    **{"author": "member", "other owner": "member", "newcomer": "member"},
    **{"a guest": "guest", "a member": "member", "an admin": "admin", "an owner": "owner"},
    **{"a suspended admin": "admin", "a nuisance": "member"},
}
IN_CHATS = {
    **{"suspended": "owner", "put out": "owner", "guest in it": "member"},
    **{"member": "member", "admin": "admin", "owner": "owner"},
    **{"author": "member", "other owner": "owner"},
}
"""`author` and all below it have things done to them, and ask for nothing. Everybody has blocked the `nuisance`."""


@cache
def hashed_password() -> str:
    return PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=1).hash(PASSWORD)


class People:
    """`things`: ids and tokens by the names that the table has for them."""

    def __init__(self, app: Flask) -> None:
        self.app, self.things = app, dict[str, Any]()
        self.users = dict[str, models.User]()
        self.sessions, self.personal = dict[str, models.Session](), dict[str, models.Session]()
        self.pushed_to = dict[str, models.PushSubscription]()

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
                "own personal token": UNKNOWN,
                "own refresh token": f"1.1.{'x' * 43}",
                "own code": "123456",
                "own push subscription": UNKNOWN,
                "a new email": fresh,
            }
        return {
            "oneself": self.users[who].id,
            "own email": self.users[who].email,
            "own session": self.sessions[who].id,
            "own personal token": self.personal[who].id,
            "own refresh token": self.app.extensions["fechatter"].refresh_tokens.write(self.sessions[who]),
            "own code": code_at(AUTHENTICATOR, int(time()) // STEP),
            "own push subscription": self.pushed_to[who].id,
            "a new email": fresh,
        }

    def _people(self, session: Session) -> None:
        for name in (*IN_WORKSPACE, "stranger", "gone"):
            email = f"{name.replace(' ', '.')}.{uuid4().hex}@example.org"
            user = models.User(email=email, email_key=email, name=name.title(), password_hash=hashed_password())
            self.users[name] = user
        session.add_all(self.users.values())
        session.flush()
        for name, user in self.users.items():
            self._seal(user)
            self.sessions[name] = self._sign_in(user)
            self.personal[name] = self._sign_in(user, name="A bot", token_hash=uuid4().bytes, scopes=["read"])
        session.add_all([*self.sessions.values(), *self.personal.values()])
        session.flush()
        for name, sign_in in self.sessions.items():
            self.pushed_to[name] = self._subscribe(sign_in, Browser("https://push.example.org"))
        session.add_all(self.pushed_to.values())
        nuisance = self.users["a nuisance"].id
        session.add_all(
            models.Block(user_id=user.id, blocked_id=nuisance) for user in self.users.values() if user.id != nuisance
        )
        session.flush()
        suspend_account(session, self.users["suspended"])
        self.things |= {name: user.id for name, user in self.users.items()} | {"password": PASSWORD}
        self.things["session of author"] = self.sessions["author"].id
        self.things["personal token of author"] = self.personal["author"].id
        self.things["push subscription of author"] = self.pushed_to["author"].id
        new = Browser("https://push.example.org").subscription
        self.things |= {"endpoint of a browser": new["endpoint"], "key of a browser": new["keys"]["p256dh"]}
        self.things["secret of a browser"] = new["keys"]["auth"]

    @staticmethod
    def _sign_in(user: models.User, **more: Any) -> models.Session:
        later = datetime.now(UTC) + timedelta(days=1)
        return models.Session(user_id=user.id, nonce=uuid4().bytes, device="a test", expires_at=later, **more)

    @staticmethod
    def _subscribe(sign_in: models.Session, browser: Browser) -> models.PushSubscription:
        secrets = {"endpoint": browser.endpoint, "p256dh": browser.p256dh, "auth": browser.auth}
        return models.PushSubscription(user_id=sign_in.user_id, session_id=sign_in.id, **secrets)

    def _seal(self, user: models.User) -> None:
        """As who has begun to turn a second factor on, where there is an application that could read it."""
        if web := self.app.extensions.get("fechatter"):
            user.totp_secret = web.second_factor_box.seal(AUTHENTICATOR, user.id)
