"""Accounts: making one, signing in to it, changing its name, picture and password."""

from sqlalchemy import Connection, Engine, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from fechatter.access import Caller
from fechatter.actions.sessions import end_all_sessions, end_other_sessions
from fechatter.audit import record_act
from fechatter.db import fetch
from fechatter.emails import email_key
from fechatter.errors import Conflict, Forbidden, SignInNeeded
from fechatter.models import MailedToken, User
from fechatter.outbox import record_mail

NO_SESSION = 0


class PasswordChanged(SignInNeeded):
    """Between looking and locking; or its hash was renewed by another sign-in: look again, once."""

    code, detail = "bad_credentials", "The e-mail address or the password is wrong."


def create_account(session: Session, email: str, name: str, password_hash: str) -> User:
    """A new person. Raises Conflict (email_taken): two who sign up at once wait for each other in the insert."""
    row = insert(User).values(email=email, email_key=email_key(email), name=name, password_hash=password_hash)
    user = session.scalars(row.on_conflict_do_nothing(index_elements=["email_key"]).returning(User)).one_or_none()
    if user is None:
        raise Conflict("email_taken", "There is an account with this e-mail address already.")
    record_act(session, "account.created", user.id, target=("user", user.id))
    return user


def password_hash_of(where: Engine | Connection, email: str) -> tuple[int, str] | None:
    """The person with this address and the hash to check the password against, outside of any transaction."""
    rows = fetch(where, "SELECT id, password_hash FROM users WHERE email_key = %s", (email_key(email),))
    return (rows[0][0], rows[0][1]) if rows else None


def lock_account(session: Session, user_id: int, checked_hash: str) -> User:
    """The person's row, locked. Raises PasswordChanged if the password that was checked against `checked_hash` has
    been changed since: whoever changed it meant to shut the old one out."""
    query = select(User).where(User.id == user_id).with_for_update(key_share=True)
    user = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if user is None or user.password_hash != checked_hash:
        raise PasswordChanged
    return user


def bad_credentials() -> SignInNeeded:
    return SignInNeeded("bad_credentials", "The e-mail address or the password is wrong.")


def enter_account(session: Session, user_id: int, checked_hash: str, renewed_hash: str | None) -> User:
    """The person's row, locked, with the right password: it may begin a session. `renewed_hash` is of that same
    password, by parameters that have risen since. Raises PasswordChanged, Forbidden (email_unverified)."""
    user = lock_account(session, user_id, checked_hash)
    if user.must_verify and user.email_verified_at is None:
        raise Forbidden("email_unverified", "Open the link that was sent to this address, then sign in.")
    user.password_hash = renewed_hash or user.password_hash
    return user


def change_password(session: Session, caller: Caller, checked_hash: str, new_hash: str) -> None:
    """Every other session ends: whoever had the old password is out. Raises PasswordChanged."""
    user = lock_account(session, caller.user_id, checked_hash)
    set_password(session, user, new_hash, keep=caller.session_id)
    record_act(session, "password.changed", user.id, target=("user", user.id))


def set_password(session: Session, user: User, new_hash: str, keep: int = NO_SESSION) -> None:
    """Of a person whose row the caller has locked. All sessions but `keep` end, mails that would set another password
    are void, and the person is told: it may have been somebody else."""
    user.password_hash = new_hash
    end_other_sessions(session, user, keep)
    session.execute(delete(MailedToken).where(MailedToken.user_id == user.id, MailedToken.purpose == "reset"))
    record_mail(session, "password_changed", user.email_key, user_id=user.id)


def suspend_account(session: Session, user: User, actor_id: int | None = None) -> None:
    """Nobody signs in to it any more, and all its sessions end; the caller has locked the row. Doing so again changes
    nothing."""
    if user.suspended_at is None:
        user.suspended_at = func.now()
        end_all_sessions(session, user)
        record_act(session, "account.suspended", actor_id, target=("user", user.id))


def unsuspend_account(session: Session, user: User, actor_id: int | None = None) -> None:
    """It can be signed in to again; what was ended stays so. The caller has locked the row."""
    if user.suspended_at is not None:
        user.suspended_at = None
        record_act(session, "account.unsuspended", actor_id, target=("user", user.id))


def change_profile(session: Session, user: User, changes: dict[str, str | None]) -> User:
    """`changes` has some of `name` and `avatar_url`."""
    for field in ("name", "avatar_url"):
        if field in changes:
            setattr(user, field, changes[field])
    session.flush()
    return user
