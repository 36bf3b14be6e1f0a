"""Which sessions have ended, surely or maybe, and from when on."""

from collections.abc import Iterable
from math import inf

from tests.faults.checker.calls import Call
from tests.faults.checker.faults import Faults

TOKEN = 600.0
"""Seconds for which tokens surely last; they are good for 15 minutes, but nobody has written down the first ones."""


class Sessions:
    """`ended`: when a sign-out was first answered. `left`: when one was begun, or new tokens were refused.
    `doubtful`: from when on the session may have ended, if only because of a spent token that came back too late."""

    def __init__(self, calls: Iterable[Call], faults: Faults, start: float) -> None:
        self.start, self.clocks = start, [fault for fault in faults if "clock" in fault.kind]
        self.ended: dict[int, float] = {}
        self.left: dict[int, float] = {}
        self.doubtful: dict[int, float] = {}
        self.issued: dict[int, list[tuple[float, float]]] = {}
        for call in calls:
            if call.op == "signin" and call.more.get("new_session"):
                self._issued(call.more["new_session"], call)
            elif call.session is not None:
                self._of(call.session, call)

    def may_have_ended(self, session: int | None, at: float) -> bool:
        return self.doubtful.get(session or 0, inf) <= at

    def may_be_refused(self, session: int | None, at: float) -> bool:
        """Whether a 401 is right: it has ended, its tokens may be old, or a clock is or was wrong."""
        if self.may_have_ended(session, at) or any(clock.touches(at - 1, at + 1) for clock in self.clocks):
            return True
        issued = [span for span in self.issued.get(session or 0, []) if span[0] <= at]
        if not issued:
            return at - self.start > TOKEN or any(clock.began <= at for clock in self.clocks)
        # Somebody may still hold the tokens before the last.
        return at - issued[-1][0] > TOKEN or any(clock.touches(*span) for span in issued[-2:] for clock in self.clocks)

    def _of(self, session: int, call: Call) -> None:
        if call.op == "signout":
            _keep(self.left, session, call.began)
            if call.is_done:
                _keep(self.ended, session, call.ended)
        elif call.op == "refresh":
            self._issued(session, call)
            if any(one.status == 401 for one in call.tries):
                _keep(self.left, session, call.began)
            if call.is_done and len(call.tries) == 1:
                return
        else:
            return
        _keep(self.doubtful, session, call.began)

    def _issued(self, session: int, call: Call) -> None:
        if call.is_done:
            self.issued.setdefault(session, []).append((call.began, call.ended))


def _keep(times: dict[int, float], session: int, at: float) -> None:
    times[session] = min(at, times.get(session, inf))
