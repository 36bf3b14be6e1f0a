"""People's streams: each is followed through cuts, and begun anew when its session has ended."""

import gevent

from tests.faults.workload.chain import Chain
from tests.faults.workload.connection import Connection
from tests.faults.workload.paces import STYLES, Pace
from tests.faults.workload.people import Person
from tests.faults.workload.run import Run
from tests.faults.workload.sessions import Session, renew, sign_in


class Reader:
    """One client of a person; `chain` is the one that it follows now, from its first list on."""

    def __init__(self, run: Run, number: int, person: Person, style: str) -> None:
        self.run, self.person, self.style = run, person, style
        self.rng = run.rng(f"reader {number}")
        self.chain: Chain | None = None

    def read(self, session: Session | None = None) -> None:
        """For ever."""
        while True:
            chain = Chain(self.run, self.person, session or sign_in(self.run, self.person), self.style)
            session = None
            if chain.start():
                self.chain = chain
                self._follow(chain)

    def _follow(self, chain: Chain) -> None:
        """Until the session has ended: then tokens are refused, and a stream that is open is told so."""
        while True:
            pace = Pace(self.rng) if self.run.draining.is_set() else STYLES[self.style](self.rng)
            connection = Connection(chain, self.rng.choice(self.run.notifies), pace)
            token = chain.session.access
            status = connection.follow(token)
            if connection.session_is_over:
                chain.session.end()
                return
            if status == 401 and not renew(self.run, chain.session, token):
                chain.log("end", chain.connections, "signed_out")
                return
            if self.run.draining.is_set():
                gevent.sleep(self.rng.uniform(0.1, 0.5))
            else:
                self.run.draining.wait(pace.absence())


def readers_of(run: Run, people: list[Person]) -> list[Reader]:
    """As many as the layout says, in its styles."""
    readers = enumerate(run.layout.readers())
    return [Reader(run, number, people[person], style) for number, (person, style) in readers]
