"""bin/test: the linters, then the tests on a PostgreSQL and a Redis of their own."""

import argparse
import os
import signal
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from launcher import audits, environment
from launcher.binaries import Kind
from launcher.keys import kept_keys
from launcher.process import Process
from launcher.servers import kind_from_environment, servers

LINTERS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy", "--strict"),
)
# They walk through all that real processes do, so --all runs them once more on the servers of the wheels, without a
# browser, to which a server is a server.
JOURNEYS = "tests/journeys"
WITHOUT_BROWSER = "--ignore-glob=tests/journeys/test_web_*"
# It breaks the whole system, and judges how it does.
ALONE = "tests/faults/test_slice.py"
# Four files at a time, each process with a database of its own: most tests wait for something most of their time. What
# is long works more and waits less.
LOADFILE = ("--dist", "loadfile", "--no-loadscope-reorder")
SIDE_BY_SIDE = ("-n", "4", *LOADFILE)
IN_PAIRS = ("-n", "2", *LOADFILE)
FAST = [f"--ignore={ALONE}", *SIDE_BY_SIDE]
# What --all runs, and whether what is slow is part of it.
PARTS = (
    (FAST, False),
    ([f"--ignore={ALONE}", "-m", "slow", *IN_PAIRS], True),
    ([ALONE], True),
)
# Far above what any test takes, so that one that hangs is named instead of holding up all.
TEST_SECONDS = 300


def main() -> int:
    """Run what the command line asks for; return the exit status."""
    # SIGINT too: a shell that starts us in the background has it ignored, and pytest would inherit that.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    options, arguments = _parser().parse_known_args()
    kind = kind_from_environment()
    passed = [] if arguments else [_run(linter) for linter in LINTERS]
    if options.all and not arguments:
        passed += [audits.code_is_sound(), audits.packages_are_sound()]
    if arguments:
        passed.append(_test(arguments, kind, slow=options.all))
    elif options.all:
        passed += [_test(part, kind, slow=slow) for part, slow in PARTS]
        if kind == "auto":
            passed.append(_test([JOURNEYS, WITHOUT_BROWSER, *IN_PAIRS], "wheels", slow=False))
    else:
        passed.append(_test(FAST, kind, slow=False))
    return 0 if all(passed) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bin/test",
        description="Run the linters and the tests. Other arguments go to pytest, and then the linters stay out.",
        epilog="Examples: bin/test tests/app -k sign_in    SERVERS=wheels bin/test",
        allow_abbrev=False,
    )
    parser.add_argument("--all", action="store_true", help="also what is slow, and both kinds of SERVERS")
    return parser


def _test(arguments: Sequence[str], kind: Kind, *, slow: bool) -> bool:
    command = ["python", "-m", "pytest", f"--timeout={TEST_SECONDS}", *arguments]
    with tempfile.TemporaryDirectory(prefix="fechatter-keys-") as keys, servers(kind=kind) as urls:
        told = {
            "FECHATTER_ENV": "development",
            "UNSAFE_POSTGRESQL": "messages-may-be-lost",
            "SERVERS": kind,
            **kept_keys(Path(keys)),
            **urls,
        }
        return _run(command, told | ({"FECHATTER_TEST_ALL": "1"} if slow else {}))


def _run(command: Sequence[str], variables: Mapping[str, str] | None = None) -> bool:
    """Run a program of the environment; its output goes where ours goes."""
    folder = environment.folder() / "bin"
    path = f"{folder}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    told = {**os.environ, "PATH": path, **(variables or {})}
    # Hundreds of processes would each compile what they import.
    told.pop("PYTHONDONTWRITEBYTECODE", None)
    print("$", *command, flush=True)
    program = [str(folder / command[0]), *command[1:]]
    # SIGINT, for pytest then ends its fixtures and what they started.
    with Process(command[0], program, environment=told, stop_signal=signal.SIGINT) as process:
        return process.wait() == 0
