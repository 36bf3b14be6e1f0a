"""Hands one mail over: to a server by SMTP, or into a folder where people and tests can read it."""

import os
import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTPUTF8
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from fechatter.mail.settings import MailSettings

Deliver = Callable[[str, EmailMessage], None]
"""Takes a name, the same each time a mail is tried, and the mail. Raises Refused, or another OSError."""

PATIENCE = 10.0
"""Seconds for each step of the talk with a server."""

PLAIN, IMPLICIT_TLS = 25, 465
"""Ports, where the URL names none."""


class Refused(OSError):
    """It will not be taken later either; `args[0]` is what the server called it."""


def delivery(settings: MailSettings) -> Deliver:
    """The folder goes before the server: who reads mails in a folder wants none to leave."""
    if settings.folder:
        return lambda name, mail: _write(Path(settings.folder), name, mail)
    return lambda name, mail: _send(settings, mail)


def _write(folder: Path, name: str, mail: EmailMessage) -> None:
    """Whole or not at all, and for the owner's eyes: links in it let people in."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = folder / f".{name}.{os.getpid()}"
    try:
        with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(mail.as_bytes(policy=SMTPUTF8))
            file.flush()
            os.fsync(file.fileno())
        half.replace(folder / f"{name}.eml")
    finally:
        half.unlink(missing_ok=True)


def _send(settings: MailSettings, mail: EmailMessage) -> None:
    try:
        server = _connect(settings)
    except smtplib.SMTPException as error:
        # A server that is set up wrongly is mended, and the mails that waited for that are still wanted.
        raise OSError(_word(error)) from error
    try:
        server.send_message(mail)
    except smtplib.SMTPException as error:
        raise (Refused if _is_final(error) else OSError)(_word(error)) from error
    finally:
        with suppress(smtplib.SMTPException, OSError):
            server.quit()


def _connect(settings: MailSettings) -> smtplib.SMTP:
    """Encrypted wherever the server can; a password never goes out unless it is."""
    url, context = urlsplit(settings.smtp_url), _context(settings.verifies)
    is_safe, host = url.scheme == "smtps", url.hostname or ""
    # The name, since smtplib would ask DNS for a better one.
    options: dict[str, Any] = {"local_hostname": socket.gethostname(), "timeout": PATIENCE}
    if is_safe:
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, url.port or IMPLICIT_TLS, context=context, **options)
    else:
        server = smtplib.SMTP(host, url.port or PLAIN, **options)
    try:
        _introduce(server, is_safe, context, unquote(url.username or ""), unquote(url.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _introduce(server: smtplib.SMTP, is_safe: bool, context: ssl.SSLContext, user: str, password: str) -> None:
    server.ehlo_or_helo_if_needed()
    if not is_safe and server.has_extn("starttls"):
        server.starttls(context=context)
        server.ehlo()
        is_safe = True
    if user:
        if not is_safe:
            raise smtplib.SMTPNotSupportedError("the server offers no encryption, so it gets no password")
        server.login(user, password)


def _context(verifies: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not verifies:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _codes(error: smtplib.SMTPException) -> list[int]:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [code for code, _ in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, smtplib.SMTPResponseException) else []


def _is_final(error: smtplib.SMTPException) -> bool:
    """This server will say the same tomorrow: 5xx to whom it is for or what it says, or no words for the address.
    5xx to the sender or its password is for an operator to mend, and the mails that wait are still wanted."""
    if isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError):
        return all(code >= 500 for code in _codes(error))
    return isinstance(error, smtplib.SMTPNotSupportedError)


def _word(error: smtplib.SMTPException) -> str:
    """For logs: never what the server says, which quotes addresses."""
    return " ".join([type(error).__name__, *map(str, _codes(error))])
