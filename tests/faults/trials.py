"""The checker on trial: each mutant, and then the product itself, is run and judged like any other run."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from launcher.paths import PROJECT
from tests.faults.mutants import MUTANTS

SECONDS, RATE = 45, 60
"""Short, so that from its start to its verdict a run takes two minutes at most on a quiet machine."""

KEPT, BROKEN = 0, 1


class Trial(NamedTuple):
    """`name` is the mutant's, None for the product as it is; `broken` are the verdicts that turned red."""

    name: str | None
    status: int
    seconds: float
    broken: tuple[str, ...]

    @property
    def as_it_should(self) -> bool:
        return self.status == (KEPT if self.name is None else BROKEN)

    def row(self) -> str:
        said = {KEPT: "green", BROKEN: "red"}.get(self.status, f"failed with status {self.status}")
        words = "; ".join(self.broken) or "-"
        mark = "" if self.as_it_should else "WRONG"
        return f"{mark:6}{self.name or 'the product':28} {said:6} {self.seconds:5.0f} s  {words}"


def try_all(seed: int, say: Callable[[str], None], target: Path | None, names: Iterable[str] = tuple(MUTANTS)) -> bool:
    """Whether all mutants turned red and the product stayed green; the table goes to `target`, too."""
    trials = list[Trial]()
    for name in (*names, None):
        trials.append(_try(name, seed))
        say(trials[-1].row())
    if target:
        target.mkdir(parents=True, exist_ok=True)
        (target / "mutants.txt").write_text("".join(f"{trial.row()}\n" for trial in trials))
    return all(trial.as_it_should for trial in trials)


def _try(name: str | None, seed: int) -> Trial:
    command = [sys.executable, "-m", "tests.faults", "--seconds", str(SECONDS), "--rate", str(RATE)]
    command += ["--seed", str(seed), *(["--mutant", name] if name else [])]
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="fechatter-trial-") as folder:
        command += ["--keep", f"{folder}/run"]
        done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    broken = [line.removeprefix("BROKEN").strip() for line in done.stdout.splitlines() if line.startswith("BROKEN")]
    return Trial(name, done.returncode, time.monotonic() - began, tuple(broken))
