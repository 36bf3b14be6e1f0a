"""What the workload does while it runs: each kind of operation at its rate, at times that the seed gives."""

from collections.abc import Callable

from gevent.pool import Pool

from tests.faults.workload.chats import Chat
from tests.faults.workload.history import now
from tests.faults.workload.looking import look_at_history, look_at_list
from tests.faults.workload.memberships import Memberships
from tests.faults.workload.people import Person
from tests.faults.workload.run import Run
from tests.faults.workload.sending import Sending
from tests.faults.workload.sessions import refresh, sign_out

CHANGE, SIGN_OUT, REFRESH, LIST, HISTORY = 0.7, 6.0, 3.0, 1.0, 1.0
"""Seconds from one to the next, on average."""

MOST_LATE = 0.5
"""Seconds of delay that are made up for; a longer one is not followed by a burst."""


class Pacing:
    """`sending` may go on to be used after the end."""

    def __init__(self, run: Run, people: list[Person], chats: list[Chat]) -> None:
        self.run, self.people, self.chats = run, people, chats
        self.sending = Sending(run, chats)
        self.memberships = Memberships(run, chats, self.sending)
        self.sessions_rng, self.looking_rng = run.rng("sessions"), run.rng("looking")
        self.loops, self.pool = Pool(), Pool(60)

    def start(self) -> None:
        for name, seconds, act in (
            ("send", 1 / self.run.layout.rate, self.sending.next),
            ("change", CHANGE, self.memberships.next),
            ("sign out", SIGN_OUT, self._sign_out),
            ("refresh", REFRESH, self._refresh),
            ("list", LIST, self._look_at_list),
            ("history", HISTORY, self._look_at_history),
        ):
            self.run.spawn(self.loops, self._repeat, name, seconds, act)

    def _repeat(self, name: str, seconds: float, act: Callable[[], None]) -> None:
        rng, due = self.run.rng(f"pace of {name}"), now()
        while not self.run.draining.is_set():
            due = max(due, now() - MOST_LATE) + rng.expovariate(1 / seconds)
            if (wait := due - now()) > 0 and self.run.draining.wait(wait):
                return
            act()

    def join(self) -> None:
        """Waits for what is under way; nothing new begins once the run drains."""
        for pool in (self.loops, self.memberships.last_posts, self.memberships.pool, self.pool, self.sending.pool):
            pool.join()

    def _sign_out(self) -> None:
        several = [person for person in self.people if len(person.sessions) > 1]
        if several:
            session = self.sessions_rng.choice(self.sessions_rng.choice(several).sessions)
            self.run.spawn(self.pool, sign_out, self.run, session)

    def _refresh(self) -> None:
        sessions = [session for person in self.people for session in person.sessions]
        if sessions:
            self.run.spawn(self.pool, refresh, self.run, self.sessions_rng.choice(sessions))

    def _look_at_list(self) -> None:
        self.run.spawn(self.pool, look_at_list, self.run, self.looking_rng.choice(self.people))

    def _look_at_history(self) -> None:
        chat = self.looking_rng.choice(self.chats)
        self.run.spawn(self.pool, look_at_history, self.run, self.looking_rng, chat)
