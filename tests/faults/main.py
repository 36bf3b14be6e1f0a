"""bin/faults: a run, the verdicts on it, the report."""

import importlib
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from launcher.errors import LaunchError
from launcher.paths import PROJECT
from tests.faults.errors import RigError
from tests.faults.mutants import copy_of
from tests.faults.options import Options, read_options
from tests.faults.run import Run
from tests.faults.trials import try_all

KEPT, BROKEN, FAILED, INTERRUPTED = 0, 1, 2, 130
BIG = ("postgres", "redis", "faketime")
"""What a run leaves that tells nothing."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks for; return the exit status."""
    options = read_options(arguments)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    if options.mutants:
        return KEPT if try_all(options.seeds[0], say, options.report) else BROKEN
    folder = _folder(options)
    try:
        status = _run_and_judge(options, folder)
    except (RigError, LaunchError) as error:
        say(f"The rig has failed: {error}")
        status = FAILED
    except KeyboardInterrupt:
        status = INTERRUPTED
    except Exception:  # a bug of the rig must not look like a broken promise, which is status 1
        traceback.print_exc()
        status = FAILED
    _tidy(options, folder, status)
    return status


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _folder(options: Options) -> Path:
    if options.keep is None:
        return Path(tempfile.mkdtemp(prefix="fechatter-faults-"))
    options.keep.mkdir(parents=True, exist_ok=True)
    if any(options.keep.iterdir()):
        sys.exit(f"{options.keep} is not empty: a run needs a folder of its own.")
    return options.keep.absolute()


def _run_and_judge(options: Options, folder: Path) -> int:
    run = Run(options, folder, say, copy_of(options.mutant, folder) if options.mutant else PROJECT)
    run.carry_out()
    verdicts = _judge(folder)
    _report(folder, verdicts, options.report or folder / "report")
    for line in run.broken + run.deaths:
        say(line)
    if run.broken or not all(verdict.holds for verdict in verdicts):
        return BROKEN
    return FAILED if run.injection is None or run.injection.failed else KEPT


def _judge(folder: Path) -> Sequence[Any]:
    judge = _part("checker", "judge")
    verdicts: Sequence[Any] = judge(folder) if judge else []
    for verdict in verdicts:
        say(f"{'holds' if verdict.holds else 'BROKEN':7} {verdict.name} ({verdict.checked} checked)")
        if not verdict.holds:
            say(f"        {verdict.counterexample}")
    return verdicts


def _report(folder: Path, verdicts: Sequence[Any], target: Path) -> None:
    if report := _part("report", "write_report"):
        say(report(folder, verdicts, target))
        say(f"The report is in {target}")


def _part(name: str, function: str) -> Any:
    """A part of the rig that takes a while to import, which need not be before the run."""
    found = getattr(importlib.import_module(f"tests.faults.{name}"), function, None)
    if found is None:
        say(f"There is no {name} yet.")
    return found


def _tidy(options: Options, folder: Path, status: int) -> None:
    """A run that found nothing leaves nothing, unless it was asked to."""
    for name in BIG:
        shutil.rmtree(folder / name, ignore_errors=True)
    if options.keep is None and status == KEPT:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        say(f"All that the run has left is in {folder}")
