"""bin/bench: runs what it is told to, prints its tables, and keeps JSON and charts of them."""

from importlib import import_module
from pathlib import Path

from bench.machine import Pressure, describe
from bench.options import Options
from bench.report import Report
from bench.setting import Setting

TINY = "A tiny size: it shows that all this works. Its figures mean nothing, whether targets are met included."


def main(options: Options) -> int:
    """The exit status: 0 all targets are met, or nobody can tell at a tiny size; 1 one is missed."""
    setting = Setting(rounds=options.rounds, tiny=options.tiny, extra=options.extra)
    met = True
    for name in options.names:
        report = measure(name, setting, options.results)
        met = met and report.met
    return 0 if met or setting.tiny else 1


def measure(name: str, setting: Setting, folder: Path) -> Report:
    """Runs one benchmark, prints it, and keeps it in the folder."""
    print(f"== {name} ==", flush=True)
    setting.skipped.clear()
    with Pressure() as pressure:
        report: Report = import_module(f"bench.{name}").run(setting)
    report.circumstances = describe() | pressure.told() | {"rounds": str(setting.rounds)}
    report.skipped = list(setting.skipped)
    if setting.tiny:
        report.notes = [*report.notes, TINY]
    print(report.text(), flush=True)
    report.keep(folder)
    return report
