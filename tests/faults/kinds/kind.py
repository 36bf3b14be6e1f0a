"""What a kind of fault is, what one fault of it is, and what it may lay its hands on."""

import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from random import Random
from typing import Any, Literal

from tests.faults.journal import Journal
from tests.faults.system import System

Group = Literal["process", "redis", "postgres", "link", "feed", "clients", "clock"]
Parameters = dict[str, Any]
Detail = dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """One planned fault: `delay` is how long it comes after the one before, `seconds` how long it is to last."""

    n: int
    delay: float
    kind: str
    target: str
    seconds: float
    parameters: Parameters = field(default_factory=dict)


@dataclass(frozen=True)
class Rig:
    """What a fault works with. `over` is set when the run ends: whoever waits then stops waiting and heals.

    `laggards` are the addresses of those who read slowly at times, or not at all.
    """

    system: System
    faults: Journal
    bursts: Journal
    over: threading.Event
    laggards: tuple[str, ...] = ()

    def pause(self, seconds: float) -> None:
        self.over.wait(seconds)


Inject = Callable[[Rig, Fault], AbstractContextManager[Detail]]


def no_parameters(random: Random) -> Parameters:
    return {}


@dataclass(frozen=True)
class Kind:
    """`inject` breaks something when its block begins and heals it when that ends; what it gives is for the log.

    `targets` has for each class of them those among which one is drawn. A fault lasts `seconds` (from, to); `settles`
    is how much longer nobody else may touch what it `claims`, by default its target. With `alone` it comes when for so
    many seconds nothing else was broken, and nothing else is broken while it lasts.
    """

    name: str
    group: Group
    inject: Inject
    targets: tuple[tuple[str, ...], ...]
    seconds: tuple[float, float] = (0.0, 0.0)
    settles: float = 2.0
    draw: Callable[[Random], Parameters] = no_parameters
    alone: float = 0.0
    claims: Mapping[str, tuple[str, ...]] | tuple[str, ...] | None = None

    def claimed(self, target: str) -> frozenset[str]:
        """What a fault of this kind needs for itself alone."""
        if isinstance(self.claims, tuple):
            return frozenset(self.claims)
        return frozenset((self.claims or {}).get(target, (target,)))


def each(*names: str) -> tuple[tuple[str, ...], ...]:
    """Each of these is a class of its own."""
    return tuple((name,) for name in names)
