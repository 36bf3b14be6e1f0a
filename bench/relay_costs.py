"""What a message costs in PostgreSQL, when it is posted and when it is relayed."""

import uuid
from collections.abc import Callable, Mapping, Sequence

from bench.big_world import BigWorld
from bench.costs import Costs
from bench.relay_backlog import forget
from bench.report import Table
from bench.rounds import Sample, Spread, alternate
from bench.setting import Setting
from bench.system import System
from fechatter.feed.relay import relay_once
from launcher.errors import LaunchError
from tests.world import Person, World

Found = Mapping[str, Mapping[str, Spread]]

TEXT = "Shall we ship it today? The build is green again."


def measure(system: System, world: BigWorld, setting: Setting) -> Found:
    messages = setting.size(5000, 100)

    def relaying(most: int) -> Sample:
        post(system, world.chats_of(1), messages)
        sample = _cost(system, lambda: relay_all(system, most), messages)
        forget(system)
        return sample

    def posting() -> Sample:
        sample = _cost(system, lambda: post(system, world.chats_of(1), messages), messages)
        relay_all(system, 500)
        forget(system)
        return sample

    return alternate(
        {
            "post": posting,
            "relay, one at a time": lambda: relaying(1),
            "relay, 500 at a time": lambda: relaying(500),
        },
        setting.rounds,
    )


def post(system: System, chats: Sequence[int], messages: int, person: int = 1) -> None:
    """In these chats in turn, each by the product's one statement."""
    world, poster = World(system.engine), Person(person, person, "")
    for number in range(messages):
        posted = world.post(poster, chats[number % len(chats)], TEXT, uuid.uuid4().hex)
        if posted.outcome != "created":
            raise LaunchError(f"a message was not posted: {posted.outcome}")


def relay_all(system: System, most: int, workspace: int = 1) -> None:
    """What the workspace has in the outbox, so many at a time."""
    while relay_once(system.engine, [workspace], wait=True, most=most).batches:
        pass


def _cost(system: System, action: Callable[[], None], messages: int) -> Sample:
    """By the message."""
    with Costs(system.engine, {"postgres": system.pid("postgres")}) as costs:
        action()
    return {
        "wal": costs.wal / messages,
        "transactions": costs.transactions / messages,
        "cpu": costs.all_cpu * 1e6 / messages,
    }


def table(found: Found) -> Table:
    return Table(
        "Cost of a message in PostgreSQL",
        ["", "WAL (bytes)", "transactions that write", "CPU (µs)"],
        [[name, *figures.values()] for name, figures in found.items()],
        f"A text of {len(TEXT)} letters with a client_id.",
    )
