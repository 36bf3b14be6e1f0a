"""Links that are spoilt, each in every way."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random

from tests.faults.kinds.kind import Detail, Fault, Kind, Parameters, Rig, no_parameters
from tests.faults.links import LINKS

CLASSES = {name: of for of, names in LINKS.items() for name in names}


@contextmanager
def spoil(rig: Rig, fault: Fault) -> Iterator[Detail]:
    mode = fault.kind.removeprefix("link_")
    try:
        rig.system.links.set(fault.target, mode, **fault.parameters)
        yield {"class": CLASSES[fault.target]}
    finally:
        rig.system.links.heal(fault.target)


def _delay(random: Random) -> Parameters:
    return {"delay": round(random.uniform(0.02, 0.5), 3)}


def _throttle(random: Random) -> Parameters:
    return {"rate": random.randint(2_000, 30_000)}


def _cut(random: Random) -> Parameters:
    return {"least": 1, "most": random.choice((200, 2_000, 20_000)), "seed": random.randrange(2**32)}


def _kind(mode: str, seconds: tuple[float, float], draw: Callable[[Random], Parameters] = no_parameters) -> Kind:
    return Kind(f"link_{mode}", "link", spoil, tuple(LINKS.values()), seconds, draw=draw)


LINK_MODES = (
    _kind("refuse", (1, 10)),
    _kind("reset", (0, 0)),
    _kind("swallow", (1, 15)),
    _kind("stall", (1, 15)),
    _kind("delay", (2, 15), _delay),
    _kind("throttle", (2, 15), _throttle),
    _kind("cut", (1, 10), _cut),
)
