"""A real SMTP server for tests, with certificates of its own; and mails, read as people do."""

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope

from launcher.ports import free_port

USER, PASSWORD = "chat", "p@ss/word"


class Mailbox:
    """What aiosmtpd asks; `answers` says what is answered to a recipient in place of 250, once for each time."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.logins: list[bytes] = []
        self.answers: dict[str, str] = {}
        self.asked: list[str] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Envelope, address: str, _: Any) -> str:
        self.asked.append(address)
        if address in self.answers:
            return f"{self.answers[address]} <{address}> is not taken"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.mails.append(parsed(envelope.content))
        return "250 OK"

    def login(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        self.logins.append(data.password)
        return AuthResult(success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()))

    def to(self, email: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if mail["To"] == email]


@contextmanager
def a_mail_server(mailbox: Mailbox, port: int = 0, tls: ssl.SSLContext | None = None, **options: Any) -> Iterator[int]:
    """Its port; on the loopback address."""
    port = port or free_port()
    login = {"authenticator": mailbox.login, "auth_require_tls": tls is not None} if tls or options else {}
    controller = Controller(mailbox, "127.0.0.1", port, tls_context=tls, **login, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def a_certificate(folder: Path, address: str = "127.0.0.1") -> tuple[ssl.SSLContext, Path]:
    """For a server, signed by itself; and the file by which a client trusts it."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key, now = generate_private_key(SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
        .sign(key, SHA256())
    )
    folder.mkdir(exist_ok=True)
    certificate, private = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, private)
    return context, certificate


def parsed(data: bytes) -> EmailMessage:
    mail = message_from_bytes(data, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def token_in(mail: EmailMessage) -> str:
    found = re.search(r"^https?://\S+/(?:verify|reset)/([\w-]{43})\r?$", mail.get_content(), re.MULTILINE)
    assert found, mail.get_content()
    return found[1]
