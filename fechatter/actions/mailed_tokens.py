"""Proving an address and setting a new password, each by a link that was sent to it; and asking for such a mail."""

import hashlib

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from fechatter.actions.accounts import set_password
from fechatter.audit import record_act
from fechatter.emails import email_key
from fechatter.errors import NotFound
from fechatter.models import MailedToken, User
from fechatter.outbox import record_mail


def ask_for_verification(session: Session, user_id: int) -> None:
    """To the person's own address; whether it is proved already is looked up when the mail is sent."""
    record_mail(session, "verify", session.get_one(User, user_id).email_key, user_id=user_id)


def ask_for_reset(session: Session, email: str) -> None:
    """Whoever asks, and whoever has the address or nobody: here it is the same one row."""
    record_mail(session, "reset", email_key(email))


def verify_address(session: Session, token: str) -> None:
    """Raises NotFound for a token that is unknown, spent, expired, or for another address than the account has."""
    user = _spend(session, token, "verify")
    _take_as_verified(session, user)
    record_act(session, "account.email_verified", user.id, target=("user", user.id))


def address_for_reset(session: Session, token: str) -> str:
    """Of the account whose password the token would set; it stays unspent. Raises NotFound like the reset itself."""
    found = select(User.email).join(MailedToken, MailedToken.user_id == User.id).where(*_is(token, "reset"))
    email = session.scalar(found)
    if email is None:
        raise NotFound
    return email


def reset_password(session: Session, token: str, new_hash: str) -> None:
    """All sessions end, personal access tokens too, and the address counts as proved. Raises NotFound like
    `verify_address`."""
    user = _spend(session, token, "reset")
    set_password(session, user, new_hash)
    _take_as_verified(session, user)
    record_act(session, "account.password_reset", user.id, target=("user", user.id))


def _spend(session: Session, token: str, purpose: str) -> User:
    """The person whom it was sent to, locked."""
    # The person's row first, as when a new token is made: that one voids this one, and would wait for us.
    user_id = session.scalar(select(MailedToken.user_id).where(*_is(token, purpose)))
    query = select(User).where(User.id == user_id).with_for_update(key_share=True)
    user = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    spent = session.scalar(delete(MailedToken).where(*_is(token, purpose)).returning(MailedToken.email_key))
    if user is None or spent is None or spent != user.email_key:
        raise NotFound
    return user


def _is(token: str, purpose: str) -> tuple[ColumnElement[bool], ...]:
    hashed = hashlib.sha256(token.encode()).digest()
    return MailedToken.hash == hashed, MailedToken.purpose == purpose, MailedToken.expires_at > func.clock_timestamp()


def _take_as_verified(session: Session, user: User) -> None:
    user.email_verified_at = user.email_verified_at or func.now()
    session.execute(delete(MailedToken).where(MailedToken.user_id == user.id, MailedToken.purpose == "verify"))
    session.flush()
