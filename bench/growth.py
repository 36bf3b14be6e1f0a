"""The same requests on worlds of ten thousand to ten million messages: what they cost must not grow with them."""

from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial

from bench import growth_plans, growth_relay
from bench.big_checks import check
from bench.big_rows import fill
from bench.big_world import BigWorld, Size
from bench.chart import Lines
from bench.growth_roads import CHARTED, ROADS, turn_on
from bench.report import Cell, Report, Table, Target
from bench.rounds import Spread, alternate
from bench.setting import Setting
from bench.system import System
from bench.web_turn import CONNECTIONS

LARGE = (
    Size(messages=10_000, workspaces=1, rooms=10, people=20, each=10),
    Size(messages=1_000_000, workspaces=50, rooms=20, people=40, each=10),
    Size(messages=10_000_000, workspaces=500, rooms=20, people=40, each=10, crowds=(9_980,)),
)
TINY = (
    Size(messages=1000, workspaces=1, rooms=10, people=20, each=10),
    Size(messages=10_000, workspaces=2, rooms=20, people=40, each=10, crowds=(80,)),
)
POSTGRES = {"shared_buffers": "1GB"}
"""What ten million messages want, and what who has so many gives: the 48 MB of `bin/dev` are for a laptop. All worlds
have it."""

FLAT = 0.8
"""What the largest world must do at least of what the smallest does."""

SLOWER = 1.2
"""How many times as long the slowest in a hundred may take there."""

Found = Mapping[tuple[str, int], Mapping[str, Spread]]
"""By the road and the number of messages."""


def run(setting: Setting) -> Report:
    worlds = [BigWorld(size) for size in (TINY if setting.tiny else LARGE)]
    seconds = setting.size(40, 2) / 10
    with ExitStack() as stack:
        places = [(world, _made(stack, world, setting)) for world in worlds]
        turns = {
            (road, world.messages): partial(turn_on, road, world, system, seconds)
            for road in ROADS
            for world, system in places
        }
        found = alternate(turns, setting.rounds)
        plans = growth_plans.plans(*places[-1], setting)
    relayed = growth_relay.measure(setting)
    return Report(
        "growth",
        f"From {worlds[0].messages:,} to {worlds[-1].messages:,} messages",
        [_sizes(worlds), _table(found, worlds), growth_relay.table(relayed)],
        [*_targets(found, worlds), growth_plans.target(plans, setting), growth_relay.target(relayed)],
        [_chart(found, worlds)],
        [f"PostgreSQL has {POSTGRES['shared_buffers']} of shared_buffers in all worlds."],
        files={"growth-plans.txt": growth_plans.text(plans)},
    )


def _made(stack: ExitStack, world: BigWorld, setting: Setting) -> System:
    """Each world has a system of its own, so that all can have their turns."""
    setting.say(f"making a world of {world.messages:,} messages")
    system = stack.enter_context(System("web", "worker", postgres=POSTGRES))
    fill(world, system.postgres.url)
    check(world, system.postgres.url)
    return system


def _sizes(worlds: list[BigWorld]) -> Table:
    rows: list[list[Cell]] = []
    for world in worlds:
        people = len(world.people) + len(world.crowd)
        largest = max(len(world.members(chat)) for chat in (1, 2))
        rows.append(
            [f"{world.messages:,}", len(world.chats), len(world.workspaces), people, world.last_seq(1), largest]
        )
    columns = ("messages", "chats", "workspaces", "people", "messages in the hot chat", "members of the largest chat")
    return Table("Worlds", columns, rows)


def _table(found: Found, worlds: list[BigWorld]) -> Table:
    rows: list[list[Cell]] = [
        [f"{road}, {messages:,}", *figures.values(), _ratio(found, worlds[0], road, messages)]
        for (road, messages), figures in found.items()
    ]
    columns = (
        *("road, messages", "answers/s", "by web's CPU second", "by web's and PostgreSQL's", "p50 (ms)", "p99 (ms)"),
        *("load client (cores)", "of the smallest world"),
    )
    return Table(f"{CONNECTIONS} connections, web with two processes, one worker", columns, rows)


def _ratio(found: Found, smallest: BigWorld, road: str, messages: int) -> float:
    """Of the answers by CPU second of web and PostgreSQL."""
    return found[road, messages]["by both"].median / found[road, smallest.messages]["by both"].median


def _targets(found: Found, worlds: list[BigWorld]) -> list[Target]:
    smallest, largest = worlds[0], worlds[-1]
    words = "answers by CPU second of web and PostgreSQL, largest world over smallest"
    rates = [Target(f"{road}: {words}", FLAT, _ratio(found, smallest, road, largest.messages)) for road in ROADS]
    slower = {r: found[r, largest.messages]["p99"].median / found[r, smallest.messages]["p99"].median for r in ROADS}
    most = max(slower, key=slower.__getitem__)
    words = f"p99 of what became slowest ({most}), largest world over smallest"
    return [*rates, Target(words, SLOWER, slower[most], at_least=False)]


def _chart(found: Found, worlds: list[BigWorld]) -> Lines:
    lines = {
        road: [(float(world.messages), found[road, world.messages]["by both"].median) for world in worlds]
        for road in CHARTED
    }
    return Lines("Growth", "answers by web's and PostgreSQL's CPU second", "messages", lines)
