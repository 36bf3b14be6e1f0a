"""Giving out tickets for streams."""

from secrets import token_urlsafe

from sqlalchemy import func, text
from sqlalchemy.orm import Session

from fechatter.access import Caller
from fechatter.models import Ticket
from fechatter.tickets import LIFETIME, ticket_hash


def issue_ticket(session: Session, caller: Caller) -> str:
    """A new ticket for the caller's session. Only its hash is stored."""
    ticket = token_urlsafe(32)
    expires_at = func.now() + text(f"interval '{LIFETIME} seconds'")
    whose = {"session_id": caller.session_id, "user_id": caller.user_id}
    session.add(Ticket(hash=ticket_hash(ticket), expires_at=expires_at, **whose))
    return ticket
