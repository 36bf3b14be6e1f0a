"""Tickets open one stream once: they may stand in a URL, where an access token never may."""

import re
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import Connection, delete, func, text
from sqlalchemy.orm import Session

from fechatter.access import Caller
from fechatter.models import Ticket
from fechatter.tokens import Claims

LIFETIME = 30
"""Seconds."""

FORM = re.compile(r"[A-Za-z0-9_-]{43}")


def issue_ticket(session: Session, caller: Caller) -> str:
    """A new ticket for the caller's session. Only its hash is stored."""
    ticket = token_urlsafe(32)
    expires_at = func.now() + text(f"interval '{LIFETIME} seconds'")
    session.add(Ticket(hash=_hash(ticket), session_id=caller.session_id, user_id=caller.user_id, expires_at=expires_at))
    return ticket


def spend_ticket(connection: Connection, ticket: str) -> Claims | None:
    """Whose ticket it was, if nobody has used it and its time is not over; it is used up by this.

    Of several that come with the same ticket one wins: the others wait for its deletion and find nothing. What cannot
    be a ticket is not looked up.
    """
    if not FORM.fullmatch(ticket):
        return None
    spent = delete(Ticket).where(Ticket.hash == _hash(ticket), Ticket.expires_at > func.now())
    row = connection.execute(spent.returning(Ticket.user_id, Ticket.session_id)).one_or_none()
    return Claims(row.user_id, row.session_id) if row else None


def _hash(ticket: str) -> bytes:
    return sha256(ticket.encode()).digest()
