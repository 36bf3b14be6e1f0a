"""The faults of a run: when each was active, what it hit, and to which group it belongs."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from math import inf
from typing import Any, NamedTuple

from tests.faults.kinds import KINDS

NOT_INJECTED = "not_injected"
"""What could not be done, or not to its end; it may have broken something all the same."""

LIMITS = {"process": 5.0, "redis": 3.0, "postgres": 10.0, "link": 15.0}
"""Seconds from the end of a fault to no lag, at the 99th percentile, by group."""


class Fault(NamedTuple):
    n: int
    kind: str
    target: str
    began: float
    healed: float
    detail: str
    workspace_id: int
    tail: int

    @property
    def group(self) -> str:
        return group_of(self.kind)

    def touches(self, begin: float, end: float) -> bool:
        return self.began <= end and self.healed >= begin

    def hits(self, *names: str) -> bool:
        """Whether its target is one of these processes or links, or a class of them (`notify` for `notify1`)."""
        hit = set(re.findall(r"[\w-]+", self.target))
        return any(name in hit or name.rstrip("0123456789") in hit for name in names)


def group_of(kind: str) -> str:
    """As the kind says; `other` for one that the rig does not know."""
    return str(KINDS[kind].group) if kind in KINDS else "other"


class Faults:
    """By the time at which they began."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.all = sorted(faults, key=lambda fault: fault.began)
        self.began = [fault.began for fault in self.all]

    def __iter__(self) -> Iterator[Fault]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    def within(self, begin: float, end: float) -> list[Fault]:
        """Those that were active at some time from `begin` to `end`."""
        return [fault for fault in self.all[: bisect_left(self.began, end + 1e-9)] if fault.healed >= begin]

    def injected(self) -> list[Fault]:
        return [fault for fault in self.all if fault.kind != NOT_INJECTED]

    def trims(self) -> list[Fault]:
        return [fault for fault in self.all if fault.kind == "trim" and fault.workspace_id]

    def broken_trims(self) -> list[Fault]:
        """Of which nobody knows how far they have come."""
        return [fault for fault in self.all if fault.kind == NOT_INJECTED and "trim" in fault.detail]


def read_fault(line: dict[str, Any]) -> Fault:
    target = line.get("target")
    return Fault(
        n=line.get("n", 0),
        kind=line["kind"],
        target=" ".join(map(str, target)) if isinstance(target, list) else str(target or ""),
        began=line["began"],
        healed=inf if line.get("healed") is None else line["healed"],
        detail=str(line.get("detail") or ""),
        workspace_id=line.get("workspace_id") or 0,
        tail=line.get("tail") or 0,
    )
