"""The line in which streams wait to be opened: where thousands come back at once, each is served in its turn."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from gevent.event import Event

from fechatter.db import deadline
from fechatter.errors import Unavailable

AT_ONCE = 4
"""Streams that are opened at the same time. They keep a process busy; more would only wait for each other in
PostgreSQL, and whoever posts meanwhile would wait with them."""

PATIENCE = 3.0
"""Seconds in which somebody must have been served, else who waits is sent away: PostgreSQL is not there."""

OPENING = 4.0
"""Seconds in which PostgreSQL must have told all that opening takes, from when it was last known to be there."""

LONGEST = 30.0
"""Seconds that anybody waits. Whoever is sent away comes back, and costs as much as one who is served."""


class Line:
    """First come, first served. As long as there are some who are served, nobody is sent away for others' number."""

    def __init__(self, at_once: int = AT_ONCE, patience: float = PATIENCE, longest: float = LONGEST) -> None:
        self.free, self.patience, self.longest = at_once, patience, longest
        self.waiting: deque[Event] = deque()
        self.served_at = 0.0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Around the opening, which raises nothing if it has served its client. Raises Unavailable."""
        began = monotonic()
        self._wait(began)
        try:
            with deadline(max(began, self.served_at) + OPENING - monotonic()):
                yield
            self.served_at = monotonic()
        finally:
            self._next()

    def _wait(self, began: float) -> None:
        if self.free:
            self.free -= 1
            return
        called = Event()
        self.waiting.append(called)
        try:
            while not called.wait(max(0.0, left := self._left(began))):
                if left <= 0:
                    raise Unavailable
        except BaseException:
            if called.is_set():
                self._next()
            else:
                self.waiting.remove(called)
            raise

    def _left(self, began: float) -> float:
        """Seconds that one who came then may still wait."""
        return min(max(began, self.served_at) + self.patience, began + self.longest) - monotonic()

    def _next(self) -> None:
        if self.waiting:
            self.waiting.popleft().set()
        else:
            self.free += 1
