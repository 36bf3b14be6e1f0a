"""bin/bench: runs what the command line names, prints its tables, and keeps JSON and charts of them."""

import argparse
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from bench.machine import Pressure, describe
from bench.report import Report
from bench.setting import Setting
from launcher.paths import PROJECT

NAMES = ("fanout", "post", "latency", "reads", "growth", "connections", "signin", "hidden", "relay", "startup", "web")
"""Each a module of this package with `run(setting) -> Report`."""

HEAVY = ("growth",)
"""What `all` leaves out unless it is named: it writes gigabytes."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status: 0 all targets are met, 1 one is missed, 2 nothing could be measured."""
    options = _parser().parse_args(arguments)
    names = [name for name in NAMES if name not in HEAVY] if options.names == ["all"] else options.names
    setting = Setting(rounds=options.rounds, tiny=options.tiny, extra=frozenset(options.extra))
    met = True
    for name in names:
        report = measure(name, setting, options.results)
        met = met and report.met
    return 0 if met else 1


def measure(name: str, setting: Setting, folder: Path) -> Report:
    """Runs one benchmark, prints it, and keeps it in the folder."""
    print(f"== {name} ==", flush=True)
    setting.skipped.clear()
    with Pressure() as pressure:
        report: Report = import_module(f"bench.{name}").run(setting)
    report.circumstances = describe() | pressure.told() | {"rounds": str(setting.rounds)}
    report.skipped = list(setting.skipped)
    print(report.text(), flush=True)
    report.keep(folder)
    return report


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bin/bench",
        description="Measure the system on its real processes, side by side with what one would pick instead.",
        epilog="Exit status: 0 all targets are met, 1 one is missed, 2 something could not be measured.",
    )
    parser.add_argument("names", nargs="+", choices=(*NAMES, "all"), metavar="NAME", help=", ".join((*NAMES, "all")))
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="how often each contender has its turn (3)")
    parser.add_argument("--tiny", action="store_true", help="a size that only shows that it works")
    parser.add_argument(
        "--extra", action="append", default=[], choices=("synapse",), help="heavy baselines that are left out else"
    )
    parser.add_argument(
        "--results", type=Path, default=PROJECT / "bench" / "results", metavar="FOLDER", help="bench/results"
    )
    return parser
