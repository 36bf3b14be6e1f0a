"""How mails are sent, as the environment says it: over SMTP, into a folder, or not at all."""

from dataclasses import dataclass
from email.utils import parseaddr
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fechatter.config import Reader


@dataclass(frozen=True, repr=False)
class MailSettings:
    """`sender` is empty where no mail can be had. No repr: `smtp_url` holds a password."""

    sender: str = ""
    folder: str = ""
    smtp_url: str = ""
    verifies: bool = True

    @property
    def is_on(self) -> bool:
        """Whoever asks for a mail need not know how it goes: that, and the password for it, is for the worker."""
        return bool(self.sender)


def read_mail(read: "Reader", door: str, public_url: str) -> MailSettings:
    folder, smtp_url = read.text("MAIL_DIR"), read.url("SMTP_URL", ("smtp", "smtps"))
    sender = read.text("MAIL_FROM", "Fechatter <fechatter@localhost>" if folder else "")
    verifies = read.one_of("SMTP_TLS_VERIFY", ("on", "off"), "on") == "on"
    if sender and not _is_sender(sender):
        read.complaints.append("MAIL_FROM must be an address like chat@example.org or Chat <chat@example.org>")
    if smtp_url and not sender:
        read.complaints.append("MAIL_FROM is missing, and SMTP_URL is there")
    if door != "worker":
        return MailSettings(sender)
    if sender and not (smtp_url or folder):
        read.complaints.append("SMTP_URL is missing, and MAIL_FROM is there")
    if sender and not public_url:
        read.complaints.append("PUBLIC_URL is missing, to which the links in mails lead")
    return MailSettings(sender, folder, smtp_url, verifies)


def _is_sender(value: str) -> bool:
    local, at, domain = parseaddr(value)[1].rpartition("@")
    return bool(local and at and domain) and value.isprintable() and " " not in local + domain
