"""How push services know us, and which may be reached beside the public ones, as the environment says it."""

import re
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from email.utils import parseaddr
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fechatter.config import Reader
    from fechatter.mail.settings import MailSettings

KEY = re.compile(r"[A-Za-z0-9_-]{43}")
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve P-256: a private key is below it."""

CONTACT = re.compile(r"mailto:[^@\s]+@(?:localhost|[\w-]+(?:\.[\w-]+)+)|https://(?:localhost|[\w-]+(?:\.[\w-]+)+)")
SERVICE = re.compile(r"https://(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")
NOBODY = "mailto:nobody@localhost"


@dataclass(frozen=True, repr=False)
class PushSettings:
    """`private_key` is None where the database keeps it. `contact` is whom a push service may ask; `services` are
    origins that the operator trusts, wherever they lead. No repr: it holds a secret."""

    private_key: bytes | None = None
    contact: str = NOBODY
    services: frozenset[str] = frozenset()


def read_push(read: "Reader", door: str, public_url: str, mail: "MailSettings") -> PushSettings:
    if door not in ("web", "worker"):
        return PushSettings()
    key, contact = read.text("VAPID_PRIVATE_KEY"), read.text("VAPID_CONTACT") or _contact(public_url, mail)
    services = read.text("PUSH_SERVICES").lower().replace(",", " ").split()
    if key and read_key(key) is None:
        read.complaints.append("VAPID_PRIVATE_KEY must be a private key of P-256: 32 bytes in base64url, 43 characters")
    if not CONTACT.fullmatch(contact):
        read.complaints.append("VAPID_CONTACT must be like mailto:chat@example.org or https://chat.example.org")
    if not all(SERVICE.fullmatch(service) for service in services):
        read.complaints.append("PUSH_SERVICES must be origins like https://push.example.org:8443")
    return PushSettings(read_key(key), contact, frozenset(service.removesuffix(":443") for service in services))


def read_key(text: str) -> bytes | None:
    """None for what is none."""
    if not KEY.fullmatch(text):
        return None
    key = urlsafe_b64decode(text + "=")
    return key if 0 < int.from_bytes(key) < ORDER else None


def _contact(public_url: str, mail: "MailSettings") -> str:
    """Where none is told: whom mails are from, else web itself."""
    sender = parseaddr(mail.sender)[1]
    if CONTACT.fullmatch(f"mailto:{sender}"):
        return f"mailto:{sender}"
    site = public_url.rpartition(":")[0] if public_url.count(":") > 1 else public_url
    return site if CONTACT.fullmatch(site) else NOBODY
