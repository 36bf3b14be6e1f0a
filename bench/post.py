"""Posting, beside the same function with nothing in front of it, and beside what one would build or take instead."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from statistics import median

from bench.chart import Bars
from bench.post_naive import Naive
from bench.post_ours import Ours
from bench.post_pgbench import Pgbench, find_pgbench
from bench.post_synapse import Synapse
from bench.report import Cell, Report, Table, Target
from bench.rounds import Sample, Spread, alternate
from bench.setting import Setting
from bench.system import System
from launcher.errors import LaunchError

TEAMS, EACH = 4, 8
"""Workspaces, and the people and the chats of each."""

CONNECTIONS = 32
OURS, HOT, THREADS = "Fechatter", "Fechatter, one chat", "Fechatter, web on threads"
PGBENCH, NAIVE, SYNAPSE = "pgbench", "naive service", "Synapse"
GTHREAD = "--worker-class gthread --threads 8"
"""For gunicorn, over what its settings say."""

WANTED = {PGBENCH: 0.35, NAIVE: 5.0, SYNAPSE: 30.0}
"""How many times as fast as these we are to be."""

COLUMNS = {
    "rate": "messages/s",
    "by web": "by web's CPU second",
    "by all": "by all servers' CPU second",
    "p50": "p50 (ms)",
    "p99": "p99 (ms)",
    "client": "client's core",
}
PARTS = ("web", "worker", "notify", "postgres", "redis", "synapse")
Turn = Callable[[int, int], Sample]
"""Takes connections and seconds."""

Found = Mapping[str, Mapping[str, Spread]]


def run(setting: Setting) -> Report:
    with ExitStack() as stack:
        system = stack.enter_context(System("web", "worker", "notify"))
        ours = stack.enter_context(Ours(system, TEAMS, EACH))
        system.serve("web on threads", "web", GUNICORN_CMD_ARGS=GTHREAD)
        naive = stack.enter_context(Naive(system, TEAMS, EACH))
        turns: dict[str, Turn] = {
            OURS: partial(ours.turn, ours.many_seats, "web"),
            HOT: partial(ours.turn, ours.hot_seats, "web"),
            THREADS: partial(ours.turn, ours.many_seats, "web on threads"),
            NAIVE: naive.turn,
        }
        checks: list[Callable[[], object]] = [naive.check]
        if program := find_pgbench():
            pgbench = Pgbench(system, program, TEAMS, EACH)
            turns[PGBENCH] = pgbench.turn
            checks.append(pgbench.check)
        else:
            setting.skip(PGBENCH, "it is neither beside PostgreSQL nor in the wheel")
        if synapse := _synapse(setting, stack, system):
            turns[SYNAPSE] = synapse.turn
            checks.append(synapse.check)
        found = _measure(setting, turns)
        for check in checks:
            check()
        return _report(found, ours.check())


def _synapse(setting: Setting, stack: ExitStack, system: System) -> Synapse | None:
    if "synapse" not in setting.extra:
        setting.skip(SYNAPSE, "heavy; --extra synapse has it measured")
        return None
    try:
        return stack.enter_context(Synapse(system, TEAMS * EACH))
    except LaunchError as error:
        setting.skip(SYNAPSE, str(error))
        return None


def _measure(setting: Setting, turns: Mapping[str, Turn]) -> Found:
    for name, turn in turns.items():
        if not setting.tiny:
            setting.say(f"{name}: a first turn, which does not count")
            turn(CONNECTIONS, 3)
    seconds = setting.size(10, 1)
    return alternate({name: partial(turn, CONNECTIONS, seconds) for name, turn in turns.items()}, setting.rounds)


def _report(found: Found, checked: str) -> Report:
    places = TEAMS * EACH
    return Report(
        "post",
        f"Posting over {CONNECTIONS} connections: {places} people in {places} chats of {TEAMS} workspaces",
        [_speed(found), _costs(found)],
        [_target(found, other) for other in WANTED],
        [Bars("Messages posted a second", "messages/s", {name: of["rate"] for name, of in found.items()}, (OURS, HOT))],
        [checked],
    )


def _speed(found: Found) -> Table:
    rows: list[list[Cell]] = [[name, *(of.get(key, "-") for key in COLUMNS)] for name, of in found.items()]
    return Table(
        "Posting",
        ["", *COLUMNS.values()],
        rows,
        "Each message has its own text and client_id; each answer was 201. Servers and client share the cores. CPU is\n"
        "counted until the events of all messages were sent. pgbench: the function of a post that comes alone,\n"
        "prepared, each with a commit, on a database with the same people and chats; web stores what comes together\n"
        "by one call of another. One chat: all posts wait for its lock in turn.",
    )


def _costs(found: Found) -> Table:
    names = [name for name in PARTS if any(f"cpu {name}" in of for of in found.values())]
    rows: list[list[Cell]] = [
        [name, *(of.get(f"cpu {part}", "-") for part in names), *(of.get(key, "-") for key in ("wal", "transactions"))]
        for name, of in found.items()
    ]
    columns = ["", *(f"{name} (µs)" for name in names), "WAL (bytes)", "transactions that write"]
    return Table("Cost of a message, on its whole way", columns, rows, "µs: of CPU, in each server's processes.")


def _target(found: Found, other: str) -> Target:
    what = f"messages/s, times {other}"
    if other not in found:
        return Target(what, WANTED[other], None, why="it was left out")
    return Target(what, WANTED[other], median(_ratios(found[OURS]["rate"], found[other]["rate"])))


def _ratios(ours: Spread, other: Spread) -> list[float]:
    """Of the same round each, which is the same minute."""
    return [one / another for one, another in zip(ours.values, other.values, strict=True)]
