"""Passwords: Argon2id, a few at a time, and the same work whether there is an account or not."""

import os
import threading
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from fechatter.errors import Unavailable

MEMORY_KIB = 19 * 1024
PASSES = 2
PATIENCE = 3.0
"""Seconds to wait for a turn; what is left of a request's time must do for the database."""

MOST_WAITING = 32
"""For each of those at work: about a second of hashing. Who comes then is sent away at once, and not after that."""


class Passwords:
    """One in a process. Hashing takes about 30 ms of a core and 19 MiB: more at once than cores gains nothing.

    Never call it with a database connection in hand: those who wait would hold them all. `aside` carries out the
    hashing itself: where one loop serves all clients, in a real thread beside it.
    """

    def __init__(
        self,
        at_once: int | None = None,
        patience: float = PATIENCE,
        most_waiting: int = MOST_WAITING,
        aside: Callable[[Callable[[], Any]], Any] = lambda work: work(),
    ) -> None:
        self._aside = aside
        self._hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=1)
        at_once = at_once or cores()
        self._turns = threading.BoundedSemaphore(at_once)
        self._places = threading.BoundedSemaphore(at_once * (1 + most_waiting))
        self._patience = patience
        self._nobody = self._hasher.hash(os.urandom(16).hex())

    def hash(self, password: str) -> str:
        """Raises Unavailable if too many wait, or no turn comes in time."""
        with self._turn():
            return str(self._aside(lambda: self._hasher.hash(_same(password))))

    def fits(self, password: str, hashed: str | None) -> bool:
        """Whether this is the password; with None (no such account) it takes as long to say no.

        Raises Unavailable if too many wait, or no turn comes in time.
        """
        with self._turn():
            return bool(self._aside(lambda: self._verify(password, hashed or self._nobody)))

    def refuse_if_full(self) -> None:
        """For before anything is looked up: who is sent away anyway must hold up nobody who waits for the database.
        Raises Unavailable."""
        if not self._places.acquire(blocking=False):
            raise busy()
        self._places.release()

    def renewed(self, password: str, hashed: str) -> str | None:
        """A hash of the same password by the parameters of today; None if it has them, or nobody has the time."""
        if not self._hasher.check_needs_rehash(hashed):
            return None
        with suppress(Unavailable):
            return self.hash(password)
        return None

    def _verify(self, password: str, hashed: str) -> bool:
        """Raises nothing for a wrong one: gevent prints whatever leaves one of its threads."""
        try:
            return self._hasher.verify(hashed, _same(password))
        except (VerificationError, InvalidHashError):
            return False

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise busy()
        try:
            if not self._turns.acquire(timeout=self._patience):
                raise busy()
            try:
                yield
            finally:
                self._turns.release()
        finally:
            self._places.release()


def busy() -> Unavailable:
    return Unavailable("busy", "Too many people are signing in right now; try again.")


def cores() -> int:
    """That this process may use; macOS knows only how many there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _same(password: str) -> str:
    """Keyboards differ in how they compose accents; the same password must be the same bytes."""
    return unicodedata.normalize("NFC", password)
