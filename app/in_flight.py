"""How many answers one account is waiting for or has not taken yet: unread ones must not fill the memory."""

from collections import Counter
from threading import Lock
from typing import cast

from flask import Flask, Response, current_app, g

from fechatter.errors import TooMany

MOST = 32
"""Of one account in one process. A page of history has up to 2 MiB, and lies here until its reader has taken it."""


class InFlight:
    """One in a process; safe for threads."""

    def __init__(self) -> None:
        self._of = Counter[int]()
        self._lock = Lock()

    def enter(self, account: int) -> None:
        """Raises TooMany. Whoever has entered must leave."""
        with self._lock:
            if self._of[account] >= MOST:
                raise TooMany(1, detail="Too many requests at once; take the answers to the others first.")
            self._of[account] += 1

    def leave(self, account: int) -> None:
        with self._lock:
            self._of[account] -= 1
            if not self._of[account]:
                del self._of[account]


def enter(account: int) -> None:
    """For this request, which leaves when its answer has been sent or given up. Raises TooMany."""
    cast(InFlight, current_app.extensions["in_flight"]).enter(account)
    g.in_flight = account


def init_in_flight(app: Flask) -> None:
    """Comes before all else that looks at answers, so that it sees them last: none is thrown away behind it."""
    flights = app.extensions["in_flight"] = InFlight()

    @app.after_request
    def leave_once_sent(response: Response) -> Response:
        # gunicorn closes a response when it is sent, and also when its reader has gone away or run out of time.
        if "in_flight" in g:
            account = g.pop("in_flight")
            response.call_on_close(lambda: flights.leave(account))
        return response

    @app.teardown_request
    def leave_without_an_answer(error: BaseException | None) -> None:
        if "in_flight" in g:
            flights.leave(g.pop("in_flight"))
