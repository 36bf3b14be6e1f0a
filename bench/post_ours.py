"""Fechatter as the Procfile starts it: web, worker and notify with live streams, everything on one machine."""

import time
from collections.abc import Mapping, Sequence

from sqlalchemy import text

from bench.costs import Costs
from bench.http_load import Loaded, load
from bench.listeners import Listeners
from bench.posting import WORDS, Seat, make_one_team, make_teams, posts, seats
from bench.rounds import Sample
from bench.system import System
from launcher.errors import LaunchError

MOST_A_SECOND = 4000
"""More than there will be answers: so many requests are made ahead."""

BEHIND = ("worker", "notify", "postgres", "redis")
PATIENCE = 30.0


class Ours:
    """`with` opens streams for `readers` people of each workspace. `posted` counts all that was answered with 201."""

    readers = 2

    def __init__(self, system: System, teams: int, each: int) -> None:
        self.system, self.posted = system, 0
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
            got = load(url, made.requests, connections, seconds, repeat=False)
            self.drain()
        self.posted += got.count
        return sample(got, costs, ("web",))

    def drain(self) -> None:
        """Returns when the outbox is empty."""
        until = time.monotonic() + PATIENCE
        with self.system.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while left := connection.scalar(text("SELECT count(*) FROM outbox")):
                if time.monotonic() > until:
                    raise LaunchError(f"{left} events are not relayed: {self.system.said('worker')}")
                time.sleep(0.05)

    def check(self) -> str:
        """Raises LaunchError unless each 201 is in the database once, and came once on each stream that it is for."""
        stored = self._count()
        if stored != (self.posted, self.posted):
            raise LaunchError(f"{self.posted} answers 201, but {stored[0]} messages, {stored[1]} of them different")
        if changed := self._changed():
            raise LaunchError(f"{changed} messages are not what was posted")
        for team in self.teams:
            for person in team.people[: self.readers]:
                self._check_stream(self.listeners.people.index(person), [team.workspace, self.hot.workspace])
        return (
            f"All {self.posted:,} messages that were answered with 201 are in the database once, with their texts, "
            f"and came once and in order on each of the {len(self.listeners.people)} streams that they are for."
        )

    def _check_stream(self, number: int, workspaces: Sequence[int]) -> None:
        wanted, until = self._places(workspaces), time.monotonic() + PATIENCE
        while len(came := [one.client_id for one in self.listeners.arrivals(number)]) < len(wanted):
            if time.monotonic() > until:
                break
            time.sleep(0.2)
        check_arrivals(came, wanted)

    def _places(self, workspaces: Sequence[int]) -> dict[str, tuple[int, int]]:
        """The chat and the number of each message in these workspaces, by its `client_id`."""
        query = (
            "SELECT m.client_id, m.chat_id, m.seq FROM messages m JOIN chats c ON c.id = m.chat_id"
            " WHERE c.workspace_id = ANY(:these)"
        )
        with self.system.engine.connect() as connection:
            return {
                client_id: (chat, seq)
                for client_id, chat, seq in connection.execute(text(query), {"these": list(workspaces)})
            }

    def _changed(self) -> int:
        """Messages whose text is not that of their `client_id`."""
        query = (
            "SELECT count(*) FROM messages WHERE content IS DISTINCT FROM :words || ' ' || replace(client_id, '-', ' ')"
        )
        with self.system.engine.connect() as connection:
            return int(connection.scalar(text(query), {"words": WORDS}) or 0)

    def _count(self) -> tuple[int, int]:
        """All messages, and the different ones of them."""
        with self.system.engine.connect() as connection:
            count, different = connection.execute(
                text("SELECT count(*), count(DISTINCT client_id) FROM messages")
            ).one()
        return count, different


def check_arrivals(came: Sequence[str], wanted: Mapping[str, tuple[int, int]]) -> None:
    """Raises LaunchError unless what came on a stream, by `client_id`, is all of `wanted` (chat and number) once, and
    in each chat's order."""
    if (len(came), set(came)) != (len(wanted), set(wanted)):
        raise LaunchError(f"{len(wanted)} messages, but {len(came)} on a stream, {len(set(came))} of them different")
    last = dict[int, int]()
    for chat, seq in (wanted[client_id] for client_id in came):
        if seq <= last.get(chat, 0):
            raise LaunchError(f"message {seq} of chat {chat} came behind {last[chat]}")
        last[chat] = seq


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
