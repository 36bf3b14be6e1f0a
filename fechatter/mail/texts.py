"""What mails say: plain text, with nothing in it that a stranger could have chosen."""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import localtime, make_msgid, parseaddr
from typing import NamedTuple


class Kind(NamedTuple):
    """`purpose` is of the token that the link carries, good for `lifetime` seconds; None where there is no link."""

    subject: str
    text: str
    purpose: str | None = None
    lifetime: int = 0


HOUR = 3600

KINDS = {
    "verify": Kind(
        "Confirm your e-mail address",
        "Somebody, you we hope, has given this address at {url}.\n"
        "Open this within 24 hours to confirm that it is yours:\n\n"
        "{url}/verify/{token}\n\n"
        "If it was not you, do nothing: without this the address is not taken for yours.\n",
        "verify",
        24 * HOUR,
    ),
    "reset": Kind(
        "Set a new password",
        "Somebody, you we hope, has asked for a new password at {url}.\n"
        "Open this within an hour to set one:\n\n"
        "{url}/reset/{token}\n\n"
        "It works once, and only the newest such mail does. If it was not you, do nothing: nothing has changed.\n",
        "reset",
        HOUR,
    ),
    "password_changed": Kind(
        "Your password was changed",
        "The password of your account at {url} was changed, and its sessions were ended.\n\n"
        "If it was not you, ask there for a new password at once, and tell whoever runs it.\n",
    ),
}


def compose(kind: Kind, sender: str, to: str, url: str, token: str) -> EmailMessage:
    """`url` is web's, `to` as `wire_email` makes it. Line ends in what becomes a header are refused by EmailMessage."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, to, kind.subject
    mail["Date"], mail["Message-ID"] = localtime(), make_msgid(domain=parseaddr(sender)[1].rpartition("@")[2])
    # Nobody's note of being out of office should answer it.
    mail["Auto-Submitted"] = "auto-generated"
    text = kind.text.format(url=url, token=token)
    # As it is: quoted-printable would break a long link for who reads the file.
    mail.set_content(text, cte="7bit" if text.isascii() else "8bit")
    return mail
