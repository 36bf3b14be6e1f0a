"""Fechatter as the Procfile starts it: web, worker and notify with live streams, everything on one machine."""

import time
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import text

from bench.answered import messages
from bench.costs import Costs
from bench.http_load import Loaded, load
from bench.listeners import Arrival, Listeners
from bench.posting import WORDS, Seat, make_one_team, make_teams, posts, seats
from bench.rounds import Sample
from bench.system import System
from launcher.errors import LaunchError

MOST_A_SECOND = 4000
"""More than there will be answers: so many requests are made ahead."""

BEHIND = ("worker", "notify", "postgres", "redis")
PATIENCE = 30.0


class Place(NamedTuple):
    """Where a message is."""

    id: int
    chat: int
    seq: int


class Ours:
    """`with` opens streams for `readers` people of each workspace. `answered` has what came with each 201, by its
    `client_id`."""

    readers = 2

    def __init__(self, system: System, teams: int, each: int) -> None:
        self.system, self.answered = system, dict[str, Place]()
        self.teams = make_teams(system.engine, system.keys, teams, each)
        self.hot = make_one_team(system.engine, self.teams)
        self.many_seats, self.hot_seats = seats(self.teams, 2), seats([self.hot], teams * each)
        reading = [person for team in self.teams for person in team.people[: self.readers]]
        self.listeners = Listeners(system.url("notify"), reading)

    def __enter__(self) -> "Ours":
        self.listeners.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.listeners.__exit__()

    def turn(self, among: Sequence[Seat], web: str, connections: int, seconds: float) -> Sample:
        """`web` is the system's name for the door. Costs are counted until the last event has left."""
        url = self.system.url(web)
        made = posts(url, among, int(seconds * MOST_A_SECOND))
        pids = {"web": self.system.pid(web)} | {name: self.system.pid(name) for name in BEHIND}
        with Costs(self.system.engine, pids) as costs:
            got = load(url, made.requests, connections, seconds, repeat=False, bodies=True)
            self.drain()
        self.keep(made.requests, got)
        return sample(got, costs, ("web",))

    def keep(self, requests: Sequence[bytes], got: Loaded) -> None:
        """Raises LaunchError unless each answer is the message that was posted."""
        for message in messages(requests, got):
            self.answered[message["client_id"]] = Place(message["id"], message["chat_id"], message["seq"])

    def drain(self) -> None:
        """Returns when the outbox is empty."""
        until = time.monotonic() + PATIENCE
        with self.system.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while left := connection.scalar(text("SELECT count(*) FROM outbox")):
                if time.monotonic() > until:
                    raise LaunchError(f"{left} events are not relayed: {self.system.said('worker')}")
                time.sleep(0.05)

    def check(self) -> str:
        """Raises LaunchError unless each 201 is in the database once, as it says, and came once on each stream that it
        is for."""
        self._check_stored()
        for number in range(len(self.listeners.people)):
            self.arrivals(number)
        return (
            f"All {len(self.answered):,} messages that were answered with 201 are in the database once, with their "
            "texts, as the answers say, and came once and in order on each of the "
            f"{len(self.listeners.people)} streams that they are for."
        )

    def arrivals(self, number: int, mark: str = "") -> list[Arrival]:
        """The messages on a stream whose `client_id` begins so; raises LaunchError unless they are those that it is
        for."""
        wanted = {
            client_id: (place.chat, place.seq)
            for client_id, place in self.answered.items()
            if client_id.startswith(mark) and place.chat in self._chats(number)
        }
        return self.listeners.all_of(number, wanted, mark)

    def _chats(self, number: int) -> set[int]:
        """That a stream tells of."""
        return {*self.teams[number // self.readers].chats, *self.hot.chats}

    def _check_stored(self) -> None:
        with self.system.engine.connect() as connection:
            rows = connection.execute(text("SELECT client_id, id, chat_id, seq FROM messages")).all()
        stored = {row.client_id: Place(row.id, row.chat_id, row.seq) for row in rows}
        if (len(rows), stored) != (len(self.answered), self.answered):
            alike = len(stored.items() & self.answered.items())
            raise LaunchError(f"{len(self.answered)} answers 201, but {len(rows)} messages; {alike} are as answered")
        if changed := self._changed():
            raise LaunchError(f"{changed} messages are not what was posted")

    def _changed(self) -> int:
        """Messages whose text is not that of their `client_id`."""
        query = (
            "SELECT count(*) FROM messages WHERE content IS DISTINCT FROM :words || ' ' || replace(client_id, '-', ' ')"
        )
        with self.system.engine.connect() as connection:
            return int(connection.scalar(text(query), {"words": WORDS}) or 0)


def sample(got: Loaded, costs: Costs, web: Sequence[str]) -> Sample:
    """`web` are those of the processes that answer HTTP."""
    return {
        "rate": got.rate,
        "by web": got.count / max(0.01, sum(costs.cpu[name] for name in web)),
        "by all": got.count / max(0.01, costs.all_cpu),
        "p50": got.p50,
        "p99": got.p99,
        "wal": costs.wal / got.count,
        "transactions": costs.transactions / got.count,
        "client": got.client_core,
        **{f"cpu {name}": used * 1e6 / got.count for name, used in costs.cpu.items()},
    }
