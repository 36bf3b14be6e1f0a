"""The second factor of a sign-in: turned on in two steps, asked for behind the password, and turned off again."""

from time import time

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from fechatter import one_time_codes as codes
from fechatter.access import Caller
from fechatter.actions.accounts import lock_account
from fechatter.actions.sessions import end_other_sessions, lock_caller
from fechatter.audit import record_act
from fechatter.errors import Conflict, SignInNeeded
from fechatter.models import RecoveryCode, User
from fechatter.sealing import SecondFactorBox


def is_asked_for(session: Session, user_id: int) -> bool:
    return session.scalar(select(User.totp_enabled_at).where(User.id == user_id)) is not None


def begin(session: Session, box: SecondFactorBox, caller: Caller, checked_hash: str) -> tuple[User, bytes]:
    """A new secret, which is asked for once it is confirmed. Raises SignInNeeded, Conflict (second_factor_on)."""
    user = lock_account(session, caller.user_id, checked_hash)
    if user.totp_enabled_at is not None:
        raise Conflict("second_factor_on", "The second factor is on already; turn it off first.")
    secret = codes.new_secret()
    user.totp_secret, user.totp_last_step = box.seal(secret, user.id), 0
    return user, secret


def confirm(session: Session, box: SecondFactorBox, caller: Caller, code: str) -> list[str]:
    """Turns it on; the recovery codes, which are not stored. All other sessions end, personal access tokens too: they
    may have been opened with the password alone.

    Raises SessionEnded, SignInNeeded (bad_code), Conflict (second_factor_on, second_factor_off).
    """
    user = lock_caller(session, caller)
    if user.totp_enabled_at is not None:
        raise Conflict("second_factor_on", "The second factor is on already.")
    if user.totp_secret is None:
        raise Conflict("second_factor_off", "There is no secret to confirm; begin first.")
    if not _spend_code(user, box, codes.plain(code)):
        raise bad_code()
    user.totp_enabled_at = func.now()
    end_other_sessions(session, user, caller.session_id)
    record_act(session, "second_factor.on", user.id, target=("user", user.id))
    return _renew_recovery_codes(session, user)


def check(session: Session, box: SecondFactorBox, user: User, code: str | None) -> None:
    """Of a person whose row the caller has locked and whose password is right. A code that is right is spent by this.

    Raises SignInNeeded (second_factor_needed, bad_code).
    """
    if user.totp_enabled_at is None:
        return
    if code is None:
        raise SignInNeeded(
            "second_factor_needed", "The password is right; the code of the second factor is needed too."
        )
    given = codes.plain(code)
    if not (_spend_code(user, box, given) or _spend_recovery_code(session, user, given)):
        raise bad_code()


def renew_recovery_codes(
    session: Session, box: SecondFactorBox, caller: Caller, checked_hash: str, code: str
) -> list[str]:
    """New ones; those from before are good for nothing. Raises SignInNeeded, Conflict (second_factor_off)."""
    user = _lock_with_code(session, box, caller, checked_hash, code)
    record_act(session, "second_factor.recovery_codes_made", user.id, target=("user", user.id))
    return _renew_recovery_codes(session, user)


def turn_off(session: Session, box: SecondFactorBox, caller: Caller, checked_hash: str, code: str) -> None:
    """Raises SignInNeeded, Conflict (second_factor_off)."""
    forget(session, _lock_with_code(session, box, caller, checked_hash, code), by=caller.user_id)


def forget(session: Session, user: User, by: int | None) -> None:
    """Without asking: for operators, who have been told by its owner, in person, that the authenticator is lost."""
    user.totp_secret = user.totp_enabled_at = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    record_act(session, "second_factor.off", by, target=("user", user.id))


def recovery_codes_left(session: Session, user_id: int) -> int:
    unused = select(func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return session.scalar(unused) or 0


def bad_code() -> SignInNeeded:
    return SignInNeeded("bad_code", "The code is wrong, or has been used.")


def _lock_with_code(session: Session, box: SecondFactorBox, caller: Caller, checked_hash: str, code: str) -> User:
    user = lock_account(session, caller.user_id, checked_hash)
    if user.totp_enabled_at is None:
        raise Conflict("second_factor_off", "The second factor is not on.")
    check(session, box, user, code)
    return user


def _spend_code(user: User, box: SecondFactorBox, code: str) -> bool:
    """Behind the lock of the person's row: of two who come with one code, the second finds it used."""
    secret = box.open(user.totp_secret, user.id) if user.totp_secret else None
    if secret is None or not codes.SIX_DIGITS.fullmatch(code):
        return False
    step = codes.step_of(secret, code, time(), after=user.totp_last_step)
    if step is None:
        return False
    user.totp_last_step = step
    return True


def _spend_recovery_code(session: Session, user: User, code: str) -> bool:
    mine = update(RecoveryCode).where(RecoveryCode.hash == codes.recovery_hash(code), RecoveryCode.user_id == user.id)
    unused = mine.where(RecoveryCode.used_at.is_(None)).values(used_at=func.now())
    if session.execute(unused.returning(RecoveryCode.hash)).one_or_none() is None:
        return False
    record_act(session, "second_factor.recovery_code_used", user.id, target=("user", user.id))
    return True


def _renew_recovery_codes(session: Session, user: User) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    made = codes.new_recovery_codes()
    session.add_all([RecoveryCode(hash=codes.recovery_hash(codes.plain(code)), user_id=user.id) for code in made])
    return made
