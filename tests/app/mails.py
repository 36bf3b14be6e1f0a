"""A web application that can have mails sent, and what the worker would make of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from app.create import create_app
from fechatter.config import Config
from fechatter.mail.delivery import delivery
from fechatter.mail.sending import send_due
from fechatter.mail.settings import MailSettings
from fechatter.retention import Budget
from tests.mail_server import parsed, token_in

MAIL = MailSettings("chat@example.org")


@contextmanager
def an_app(config: Config, **changes: object) -> Iterator[Flask]:
    app = create_app(replace(config, **changes))
    try:
        yield app
    finally:
        app.extensions["fechatter"].engine.dispose()


class Mails:
    """`mails.to(email)` sends all that waits, and shows what this address has got, oldest first."""

    def __init__(self, engine: Engine, folder: Path, client: FlaskClient) -> None:
        self.engine, self.folder, self.client = engine, folder, client
        folder.mkdir()

    def to(self, email: str) -> list[EmailMessage]:
        deliver = delivery(MailSettings(MAIL.sender, folder=str(self.folder)))
        send_due(self.engine, deliver, MAIL.sender, "https://chat.example.org", Budget(20))
        mails = [parsed(file.read_bytes()) for file in sorted(self.folder.iterdir())]
        return [mail for mail in mails if mail["To"] == email]

    def token(self, email: str) -> str:
        """Of the newest."""
        return token_in(self.to(email)[-1])

    def forget(self, email: str) -> None:
        answer = self.client.post("/api/auth/forgot", json={"email": email})
        assert (answer.status_code, answer.data) == (204, b""), answer.text
