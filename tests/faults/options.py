"""What the command line of bin/faults can ask for."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import randrange

from tests.faults.kinds import ALL, GROUPS
from tests.faults.kinds.kind import Kind
from tests.faults.mutants import MUTANTS, Mutant


@dataclass(frozen=True)
class Options:
    """`seconds` is for how long faults are injected; what comes before and behind is not in it."""

    seconds: float
    seeds: tuple[int, ...]
    kinds: tuple[Kind, ...]
    rate: float
    keep: Path | None
    report: Path | None
    mutant: Mutant | None
    mutants: bool


def read_options(arguments: Sequence[str] | None = None) -> Options:
    """Of the command line, if no arguments are given; ends the process for what it cannot be."""
    parser = _parser()
    told = parser.parse_args(arguments)
    known = {kind.name for kind in ALL} | set(GROUPS)
    mutant = MUTANTS[told.mutant] if told.mutant else None
    only = set(told.only.split(",")) if told.only else set(mutant.kinds if mutant else ()) or known
    if wrong := only - known:
        parser.error(f"no such kind or group: {', '.join(sorted(wrong))}; there are {', '.join(sorted(known))}")
    return Options(
        seconds=told.seconds,
        seeds=told.seed or (randrange(10_000),),
        kinds=tuple(kind for kind in ALL if {kind.name, kind.group} & only),
        rate=told.rate,
        keep=told.keep,
        report=told.report,
        mutant=mutant,
        mutants=told.mutants,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bin/faults",
        description="Run the whole system, break it in every way, and judge its promises from the outside.",
        epilog="Exit status: 0 all promises are kept, 1 one is broken, 2 the rig itself has failed.",
        allow_abbrev=False,
    )
    parser.add_argument("--seconds", type=float, default=60, metavar="N", help="how long to inject faults (60)")
    parser.add_argument("--seed", type=_seeds, metavar="S[,S]", help="what decides all choices; several share the time")
    parser.add_argument("--only", metavar="KIND[,KIND]", help="only these kinds of faults, or groups of kinds")
    parser.add_argument("--rate", type=float, default=80, metavar="R", help="messages sent a second (80)")
    parser.add_argument("--mutant", choices=MUTANTS, help="run a copy in which one promise's guard is taken out")
    parser.add_argument("--mutants", action="store_true", help="run all of them, and the product: only it may be green")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="a new folder for all that the run leaves")
    parser.add_argument("--report", type=Path, metavar="FOLDER", help="where the report is written")
    return parser


def _seeds(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))
