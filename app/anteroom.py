"""Where calls wait that check passwords: of hundreds that come at once, one by one goes on, and others in between."""

from collections.abc import Callable
from functools import wraps
from threading import Lock
from time import sleep
from typing import Any

from app.services import services

View = Callable[..., Any]

PAUSE = 0.001
"""Seconds from one to the next: time in which the loop looks who else has asked for something."""

_turn = Lock()


def hashing(view: View) -> View:
    """The outermost of a view that hashes. Where too many wait already it refuses before anything is read, looked up
    or counted. Raises Unavailable."""

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        with _turn:
            sleep(PAUSE)
        services().passwords.refuse_if_full()
        return view(*args, **kwargs)

    return wrapper
