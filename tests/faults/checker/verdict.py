"""What is found about one promise: how much was looked at, what broke it first, and which faults were then active."""

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.faults.checker.history import History


@dataclass(frozen=True)
class Verdict:
    """`checked` counts what was looked at; `counterexample` is the first in time, with the faults then active."""

    name: str
    holds: bool
    checked: int
    failures: int
    counterexample: str | None

    @property
    def bound(self) -> float | None:
        """With no failure in `checked` trials the true rate is below this, at 95 % (the rule of three)."""
        return min(1.0, 3 / self.checked) if self.checked and not self.failures else None


class Tally:
    """Counts what one invariant looks at, and keeps the first thing that breaks it.

    `expected`: whether the run should have had something to look at, so that to have seen nothing is no proof.
    """

    def __init__(self, name: str, expected: bool = True) -> None:
        self.name, self.expected = name, expected
        self.checked = self.failures = 0
        self.first = inf
        self._text, self._values = "", tuple[Any, ...]()

    def broken(self, at: float, text: str, *values: Any) -> None:
        """`text` is filled with the values (as by str.format) only if nothing earlier has broken."""
        self.failures += 1
        if at < self.first or self.failures == 1:
            self.first, self._text, self._values = at, text, values

    def verdict(self, history: "History") -> Verdict:
        idle = not self.checked and self.expected
        return Verdict(self.name, not (self.failures or idle), self.checked, self.failures, self._why(history, idle))

    def _why(self, history: "History", idle: bool) -> str | None:
        if self.failures:
            text = self._text.format(*self._values)
            return f"{history.when(self.first)}: {text}. Faults: {history.faults_about(self.first)}"
        return "nothing of this was in the run, so nothing is proven" if idle else None
