"""What relaying a message costs when its chat has one member, and when it has ten thousand."""

import time
from collections.abc import Mapping
from functools import partial

from bench.big_rows import fill
from bench.big_world import BigWorld, Size
from bench.relay_backlog import forget
from bench.relay_costs import post
from bench.relay_snapshot import spent
from bench.report import Cell, Table, Target
from bench.rounds import Sample, Spread, alternate
from bench.setting import Setting
from bench.system import System
from fechatter.feed.publish import publisher
from fechatter.feed.relay import relay
from fechatter.redis_link import RedisLink

MEMBERS = (1, 10, 100, 1000, 10_000)
FLAT = 1.2

Found = Mapping[int, Mapping[str, Spread]]
"""By the number of members."""


def measure(setting: Setting) -> Found:
    """In a database of its own; the relay is called here, as a worker does."""
    crowds = tuple(members - 1 for members in MEMBERS)
    world = BigWorld(Size(messages=0, workspaces=len(MEMBERS), rooms=1, people=1, each=1, crowds=crowds))
    messages = setting.size(5000, 200)
    with System() as system:
        fill(world, system.postgres.url)
        turns = {
            members: partial(_turn, system, chat, messages) for chat, members in zip(world.chats, MEMBERS, strict=True)
        }
        return alternate(turns, setting.rounds)


def _turn(system: System, chat: int, messages: int) -> Sample:
    """The chat, its owner and its workspace all have the same number."""
    post(system, [chat], messages, person=chat)
    publish, own = publisher(RedisLink(system.redis.url)), time.process_time()
    took, stored = spent(system, lambda: relay(system.engine, chat, publish))
    ours = time.process_time() - own
    forget(system)
    figures = {"took": took, "worker": ours, "postgres": stored, "cpu": ours + stored}
    return {name: seconds * 1e6 / messages for name, seconds in figures.items()}


def table(found: Found) -> Table:
    rows: list[list[Cell]] = [[f"{members:,}", *figures.values()] for members, figures in found.items()]
    columns = (
        "members of the chat",
        "takes (µs a message)",
        "CPU of the relay (µs)",
        "of PostgreSQL (µs)",
        "of both (µs)",
    )
    return Table("Relaying a message, 500 at a time", columns, rows)


def target(found: Found) -> Target:
    """By CPU: the clock of a busy machine says little about tenths of a second."""
    few, many = (found[members]["cpu"].median for members in (MEMBERS[0], MEMBERS[-1]))
    return Target(f"CPU to relay a message to {MEMBERS[-1]:,} members, over that to one", FLAT, many / few, False)
