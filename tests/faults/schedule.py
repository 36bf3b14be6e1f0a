"""Which fault comes when: all of it follows from the seed, so that a run can be had again."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from tests.faults.kinds.kind import Fault, Kind

EVERY = (4.0, 6.0)
"""Seconds from the beginning of one fault to that of the next."""

OVERLAPPING = 0.2
"""The share of faults that go on while the next begins, beside those that last too long for anything else."""

CLOSE = (0.05, 0.6)
"""Seconds after which the next follows one that is over at once, if they are to meet."""

BREATH = 1.0
"""Seconds between the end of a fault that overlaps with none and the next one."""


def plan(seed: int, seconds: float, kinds: Sequence[Kind]) -> list[Fault]:
    """The faults of so many seconds: each kind comes once before any comes twice."""
    return _Planner(seed, kinds).plan(seconds)


class _Planner:
    """`now` is where the plan stands; `busy` says until when something is in the hands of a fault, `healed` when all
    faults so far are over."""

    def __init__(self, seed: int, kinds: Sequence[Kind]) -> None:
        self.random = Random(seed)
        self.kinds = sorted(kinds, key=lambda kind: kind.name)
        self.deck: list[Kind] = []
        self.decks: dict[str, list[tuple[str, ...]]] = {kind.name: [] for kind in kinds}
        self.busy: dict[str, float] = {}
        self.healed = 0.0
        self.now = self.last = 0.0
        self.plans: list[Fault] = []

    def plan(self, seconds: float) -> list[Fault]:
        while True:
            kind, target = self._draw()
            if kind.alone:
                self.now = max(self.now, round(self.healed + kind.alone, 2))
            if self.now + kind.seconds[0] >= seconds:
                return self.plans
            gap = self._add(kind, target, seconds - self.now)
            self.last, self.now = self.now, round(self.now + gap, 2)

    def _draw(self) -> tuple[Kind, str]:
        """The next kind whose turn it is and which can be done now; later, if none can."""
        if not self.deck:
            self.deck = self.random.sample(self.kinds, len(self.kinds))
        while True:
            for kind in self.deck:
                if target := self._target(kind):
                    self.deck.remove(kind)
                    return kind, target
            self.now = min(until for until in self.busy.values() if until > self.now)

    def _target(self, kind: Kind) -> str | None:
        """One of the class whose turn it is, or of a later one. No two faults have their hands on the same thing: they
        would heal each other, or leave no way to heal."""
        if not self.decks[kind.name]:
            self.decks[kind.name] = self.random.sample(kind.targets, len(kind.targets))
        for names in self.decks[kind.name]:
            free = [name for name in names if self._is_free(kind.claimed(name))]
            if free:
                self.decks[kind.name].remove(names)
                return self.random.choice(free)
        return None

    def _is_free(self, things: frozenset[str]) -> bool:
        return all(self.busy.get(thing, 0.0) <= self.now for thing in things)

    def _add(self, kind: Kind, target: str, most: float) -> float:
        """Plan it; the seconds to the next."""
        gap = self.random.uniform(*EVERY)
        least, longest = kind.seconds[0], self._longest(kind)
        if self.random.random() >= OVERLAPPING:
            longest = max(least, min(longest, gap - BREATH)) if least < gap - BREATH else longest
        elif longest > gap:
            least = max(least, gap)
        else:
            gap = self.random.uniform(*CLOSE)
        lasts = round(min(self.random.uniform(least, longest), most), 2)
        for thing in kind.claimed(target):
            self.busy[thing] = round(self.now + lasts + kind.settles, 2)
        self.healed = max(self.healed, self.now + lasts + kind.settles)
        delay, number = round(self.now - self.last, 2), len(self.plans) + 1
        self.plans.append(Fault(number, delay, kind.name, target, lasts, kind.draw(self.random)))
        return max(gap, lasts + BREATH) if kind.alone else gap

    def _longest(self, kind: Kind) -> float:
        """A long fault ends before the deck holds nothing but what it keeps from being done."""
        mine = {thing for names in kind.targets for name in names for thing in kind.claimed(name)}
        left = self.deck or self.kinds
        others = [one for one in left if not all(one.claimed(name) & mine for names in one.targets for name in names)]
        if not others and not self.deck:
            return kind.seconds[1]
        return max(kind.seconds[0], min(kind.seconds[1], len(others) * EVERY[0]))


def plans(seeds: Sequence[int], seconds: float, kinds: Sequence[Kind]) -> list[Fault]:
    """The plans of several seeds back to back, each with its share of the time."""
    faults = list[Fault]()
    for seed in seeds:
        planned = plan(seed, seconds / len(seeds), kinds)
        if planned and faults:
            planned[0] = replace(planned[0], delay=EVERY[1])
        faults += [replace(fault, n=number) for number, fault in enumerate(planned, len(faults) + 1)]
    return faults
