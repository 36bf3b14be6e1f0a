"""What `limits.lua` counts in Redis, counted in this process: for while Redis is away."""

from collections.abc import Sequence
from threading import Lock
from time import time
from typing import NamedTuple

MOST = 50_000
"""Keys, of some 200 bytes each; beyond that the oldest is forgotten."""


class Count(NamedTuple):
    """Of a window and of the one before; `into`: seconds since this one began."""

    before: int
    current: int
    into: float


class LocalCounts:
    """Safe for threads."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[int, int, int]] = {}
        self._lock = Lock()

    def count(self, keys: Sequence[str], rules: Sequence[tuple[int, int]], counting: bool) -> tuple[bool, list[Count]]:
        """Whether it is within all rules (amount and seconds of each), and the counts as they were."""
        now = time()
        with self._lock:
            found = [self._look(key, seconds, now) for key, (_, seconds) in zip(keys, rules, strict=True)]
            within = all(
                one.before * (1 - one.into / seconds) + one.current < amount
                for one, (amount, seconds) in zip(found, rules, strict=True)
            )
            if within and counting:
                for key, one, (_, seconds) in zip(keys, found, rules, strict=True):
                    self._keep(key, (int(now // seconds), one.current + 1, one.before))
        return within, found

    def _look(self, key: str, seconds: int, now: float) -> Count:
        window = int(now // seconds)
        at, count, before = self._kept.get(key, (window, 0, 0))
        if at != window:
            count, before = 0, count if at == window - 1 else 0
        return Count(before, count, now - window * seconds)

    def _keep(self, key: str, count: tuple[int, int, int]) -> None:
        self._kept.pop(key, None)
        self._kept[key] = count
        if len(self._kept) > MOST:
            del self._kept[next(iter(self._kept))]
