"""Tickets open one stream once: they may stand in a URL, where an access token never may."""

import re
from hashlib import sha256

from sqlalchemy import Connection, Engine

from fechatter.db import fetch
from fechatter.tokens import Claims

LIFETIME = 30
"""Seconds."""

FORM = re.compile(r"[A-Za-z0-9_-]{43}")

SPEND = "DELETE FROM tickets WHERE hash = %s AND expires_at > now() RETURNING user_id, session_id"


def spend_ticket(where: Engine | Connection, ticket: str) -> Claims | None:
    """Whose ticket it was, if nobody has used it and its time is not over; it is used up by this.

    Of several that come with the same ticket one wins: the others wait for its deletion and find nothing. What cannot
    be a ticket is not looked up.
    """
    spent = fetch(where, SPEND, (ticket_hash(ticket),)) if FORM.fullmatch(ticket) else ()
    return Claims(*spent[0]) if spent else None


def ticket_hash(ticket: str) -> bytes:
    """What is stored of it."""
    return sha256(ticket.encode()).digest()
