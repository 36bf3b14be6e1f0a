"""One client's lineage on the stream: its cursor through all of its connections, and what it has seen."""

import gevent
from gevent.pool import Pool

from tests.faults.workload.history import now
from tests.faults.workload.looking import look_at_list
from tests.faults.workload.people import Person
from tests.faults.workload.run import Run
from tests.faults.workload.sessions import Session
from tests.faults.workload.sse import Event, facts_of

PASSING = frozenset({"typing", "presence"})


class Chain:
    """`seen` has the last `seq` of each chat, from messages or a list. `connections` have been made so far."""

    def __init__(self, run: Run, person: Person, session: Session, style: str) -> None:
        self.run, self.person, self.session, self.style = run, person, session, style
        self.number, self.connections = next(run.chains), 0
        self.cursor: str | None = None
        self.seen: dict[int, int] = {}
        self.lists = Pool()

    def start(self) -> bool:
        """Takes the cursor from a list; False if the session has ended before."""
        self.cursor = self._list(afresh=self.run.jitter.random() < 0.2)
        return self.cursor is not None

    def _list(self, afresh: bool) -> str | None:
        while not self.session.ended:
            told = look_at_list(self.run, self.person, session=self.session, afresh=afresh)
            if told:
                cursor, chats = told
                self.log("list", cursor, chats)
                for chat_id, seq in chats.items():
                    self._have(int(chat_id), seq)
                return cursor
            gevent.sleep(0.5)
        return None

    def log(self, kind: str, *rest: object, time: float | None = None) -> None:
        self.run.history.stream(kind, now() if time is None else time, self.number, *rest)

    def take(self, event: Event, time: float) -> str | None:
        """Keeps what a whole event says, and then moves the cursor; the reason, if it is a `bye`."""
        reason = None
        if event.data is None:
            if event.id != self.cursor:
                self.log("id", self.connections, event.id, time=time)
        elif event.type not in PASSING:
            reason = self._take_news(event, time)
        if event.id is not None:
            self.cursor = event.id
        return reason

    def _take_news(self, event: Event, time: float) -> str | None:
        facts = facts_of(event)
        self.log("e", self.connections, event.id, event.type, *facts, time=time)
        if event.type == "message.created" and facts.chat_id and facts.seq:
            self._have(facts.chat_id, facts.seq)
        elif event.type == "reset":
            # Not from the cache: a list that is older than the place where the stream goes on would leave a gap.
            self.run.spawn(self.lists, self._list, True)
        return str(facts.subject) if event.type == "bye" else None

    def _have(self, chat_id: int, seq: int) -> None:
        self.seen[chat_id] = max(seq, self.seen.get(chat_id, 0))
