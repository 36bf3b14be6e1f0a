"""Limits on what strangers do to one account, guesses at its password and codes and mails to it, which let its owner go
on."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.limited import address, spend
from app.services import services
from fechatter.errors import SignInNeeded


@contextmanager
def guess_at(account: str) -> Iterator[None]:
    """Around the check of a password, which raises SignInNeeded if it is wrong; `account` is the e-mail's key.

    Raises TooMany, with the same ones whether there is such an account or not.
    """
    limiter, places, here = services().limiter, services().known_places, address()
    spend("sign-in to one", here, account)
    whose = _strangers_or_own(account, here)
    limiter.check("sign-in to one from anywhere", *whose)
    try:
        yield
    except SignInNeeded as refusal:
        if refusal.code == "bad_credentials":
            limiter.hit("sign-in to one from anywhere", *whose)
        raise
    places.remember(account, here)


def _strangers_or_own(account: str, here: str) -> tuple[str, ...]:
    """What guesses and mails from here count against: all strangers together, or where the owner has signed in this
    place alone, which its own limit keeps far below. By the same road: nobody who shares the owner's address can tell
    by the time who has signed in there."""
    return (account, here) if services().known_places.know(account, here) else (account,)


def try_code(account: str) -> None:
    """Counts a code of the second factor before it is looked at, right or wrong: of many that come at once none may
    slip through. Only who has the password gets here, and elsewhere than at home it does not use up the owner's tries.

    Raises TooMany.
    """
    here = address()
    place = here if services().known_places.know(account, here) else "elsewhere"
    spend("second factor", account, place)


def mail_to(account: str) -> None:
    """Before a mail that anybody can have sent to the address with this key. Raises TooMany, with the same ones
    whether there is such an account or not."""
    here = address()
    spend("forgot for one", here, account)
    # No header tells of it: what is left says how many mails others have asked for.
    services().limiter.hit("forgot for one from anywhere", *_strangers_or_own(account, here))
