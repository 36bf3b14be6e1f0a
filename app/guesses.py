"""Limits on guesses at one account's password, which let its owner in while a stranger guesses."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.limited import address, refuse_spent, spend
from app.services import services
from fechatter.errors import SignInNeeded


@contextmanager
def guess_at(account: str) -> Iterator[None]:
    """Around the check of a password, which raises SignInNeeded if it is wrong; `account` is the e-mail's key.

    Raises TooMany, with the same ones whether there is such an account or not.
    """
    limiter, places, here = services().limiter, services().known_places, address()
    spend("sign-in to one", here, account)
    is_stranger = not places.know(account, here)
    if is_stranger:
        refuse_spent("sign-in to one from anywhere", account)
    try:
        yield
    except SignInNeeded:
        if is_stranger:
            limiter.hit("sign-in to one from anywhere", account)
        raise
    places.remember(account, here)
