"""Mails that wait, and what the worker's task does with them, over a real server."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from fechatter.mail.delivery import delivery
from fechatter.mail.sending import send_due
from fechatter.mail.settings import MailSettings
from fechatter.models import User
from fechatter.outbox import record_mail
from fechatter.retention import Budget
from tests.factories import a_user, committed
from tests.mail_server import Mailbox, a_mail_server

URL = "https://chat.example.org"
SENDER = "Chat <chat@example.org>"


@dataclass
class Post:
    """The table of mails, and a server that takes what is sent."""

    engine: Engine
    box: Mailbox
    port: int

    def put(self, kind: str, email: str, **facts: object) -> int:
        with committed(self.engine) as session:
            record_mail(session, kind, email, **facts)
            session.flush()
            return session.scalar(text("SELECT max(id) FROM mails WHERE email = :email"), {"email": email})

    def send(self, port: int = 0, **settings: object) -> int:
        """As the task does."""
        told = {"sender": SENDER, "smtp_url": f"smtp://127.0.0.1:{port or self.port}"} | settings
        return send_due(self.engine, delivery(MailSettings(**told)), SENDER, URL, Budget(20))

    def waiting(self, mail_id: int) -> tuple[int, float] | None:
        """How often it was tried, and in how many seconds it will be; None if it is off the table."""
        query = text("SELECT attempts, extract(epoch FROM due_at - now()) FROM mails WHERE id = :id")
        with self.engine.connect() as connection:
            row = connection.execute(query, {"id": mail_id}).one_or_none()
        return None if row is None else (row[0], float(row[1]))

    def make_due(self, mail_id: int) -> None:
        self.run("UPDATE mails SET due_at = now() WHERE id = :id", id=mail_id)

    def run(self, statement: str, **parameters: object) -> None:
        with self.engine.begin() as connection:
            connection.execute(text(statement), parameters)

    def tokens(self, user: User) -> list[tuple[bytes, str]]:
        query = text("SELECT hash, purpose FROM mailed_tokens WHERE user_id = :id ORDER BY created_at")
        with self.engine.connect() as connection:
            return [(bytes(row[0]), row[1]) for row in connection.execute(query, {"id": user.id})]


@pytest.fixture
def post(engine: Engine) -> Iterator[Post]:
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM mails"))
    box = Mailbox()
    with a_mail_server(box) as port:
        yield Post(engine, box, port)


@pytest.fixture
def ann(engine: Engine) -> User:
    with committed(engine) as session:
        return a_user(session, "ann")


def nobody() -> str:
    return f"nobody.{uuid4().hex}@example.org"
