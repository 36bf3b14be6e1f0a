"""All that a run has left, loaded once; each invariant is a function of it."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import orjson

from tests.faults.checker.calls import Call, read_calls, read_lines
from tests.faults.checker.chain import CREATED, Chain, read_chains
from tests.faults.checker.faults import Faults, read_fault
from tests.faults.checker.final import read_final
from tests.faults.checker.memberships import Memberships
from tests.faults.checker.messages import Messages
from tests.faults.checker.places import NO_ID, Places
from tests.faults.checker.sessions import Sessions

JUST_BEFORE = 5.0
"""Seconds for which a fault that has healed is still named."""


class Texts:
    """Each text once, by its number."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self._numbers: dict[str, int] = {}

    def number_of(self, text: str) -> int:
        number = self._numbers.setdefault(text, len(self.all))
        if number == len(self.all):
            self.all.append(text)
        return number

    def shown(self, number: int) -> str:
        return "no text" if number < 0 else repr(self.all[number][:60])


class History:
    def __init__(self, folder: Path) -> None:
        history = folder / "history"
        self.layout: dict[str, Any] = orjson.loads((folder / "layout.json").read_bytes())
        self.texts, self.places = Texts(), Places()
        self.faults = Faults([read_fault(line) for line in _lines(history / "faults.jsonl")])
        self.samples: list[dict[str, Any]] = list(_lines(history / "samples.jsonl"))
        self.calls = read_calls(history, self.texts.number_of)
        self.lags: list[tuple[float, float]] = []
        self.chains = read_chains(self._streams(history), self.places.number_of, self.texts.number_of)
        self.final = read_final(history / "final.json", self.texts.number_of)
        self.places.forget_texts()

    def _streams(self, history: Path) -> Iterator[list[Any]]:
        """Keeps the times in which the workload itself was late."""
        for line in read_lines(history / "streams.jsonl"):
            if line[0] == "lag":
                self.lags.append((line[1] - line[2], line[1]))
            yield line

    def own_lag(self, begin: float, end: float) -> float:
        """The seconds from `begin` to `end` in which the workload itself was late."""
        return sum(max(0.0, min(end, to) - max(begin, since)) for since, to in self.lags)

    @cached_property
    def start(self) -> float:
        began = [call.began for call in self.calls[:1]]
        return min(began + [chain.first for chain in self.chains.values()], default=0.0)

    @cached_property
    def end(self) -> float:
        ended = [call.ended for call in self.calls[-1000:]]
        return max(ended + [chain.last for chain in self.chains.values()], default=0.0)

    @cached_property
    def messages(self) -> Messages:
        return Messages(self.calls, self.final, self.faults)

    @cached_property
    def memberships(self) -> Memberships:
        return Memberships(self.calls, self.faults)

    @cached_property
    def sessions(self) -> Sessions:
        return Sessions(self.calls, self.faults, self.start)

    @cached_property
    def drained(self) -> Call | None:
        return next((call for call in self.calls if call.op == "drained"), None)

    @cached_property
    def workspaces(self) -> dict[int, int]:
        """Of each chat: the one whose place moves with every message of it. Without those of which that is unclear."""
        found: dict[int, set[int]] = {}
        for chain in self.chains.values():
            _narrow(found, chain, self.places)
        return {chat: next(iter(some)) for chat, some in found.items() if len(some) == 1}

    def of(self, *ops: str) -> Iterator[Call]:
        return (call for call in self.calls if call.op in ops)

    def when(self, at: float) -> str:
        return f"+{at - self.start:.3f} s (t={at:.3f})"

    def faults_about(self, at: float) -> str:
        """Those active then, and those that had just healed."""
        about = self.faults.within(at - JUST_BEFORE, at)
        shown = [f"#{fault.n} {fault.kind} {fault.target} ({self._span(fault.began, fault.healed)})" for fault in about]
        return ", ".join(shown) or "none"

    def _span(self, began: float, healed: float) -> str:
        return f"+{began - self.start:.2f} to +{healed - self.start:.2f}"


def _narrow(found: dict[int, set[int]], chain: Chain, places: Places) -> None:
    before = NO_ID
    for _, kind, _, id_, chat, *_ in chain.rows():
        if id_ < 0:
            continue
        if kind == CREATED and len(found.get(chat, ())) != 1:
            stood = {step.workspace: step.position for step in places.steps(before)}
            risen = {step.workspace for step in places.steps(id_) if step.position > stood.get(step.workspace, -1)}
            found[chat] = found[chat] & risen if chat in found else risen
        before = id_


def _lines(path: Path) -> Iterator[Any]:
    return read_lines(path) if path.exists() else iter(())


def load(folder: Path) -> History:
    """The same again for the report, unless the run has changed since."""
    files = [folder / "layout.json", *sorted((folder / "history").iterdir())]
    return _load(folder, tuple((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files))


@lru_cache(maxsize=1)
def _load(folder: Path, state: tuple[Any, ...]) -> History:
    with _no_collector():
        return History(folder)


@contextmanager
def _no_collector() -> Iterator[None]:
    """Millions of new objects and not one cycle: looking for them takes longer than reading."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()
