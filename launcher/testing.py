"""bin/test: the linters, then the tests on a PostgreSQL and a Redis of their own."""

import os
import signal
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Thread

from launcher import audits, environment
from launcher.binaries import Kind
from launcher.keys import kept_keys
from launcher.process import Process
from launcher.servers import kind_from_environment, servers
from launcher.testing_options import Options

LINTERS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
)
# It knows one core and takes its time.
BESIDE = ("mypy", "--strict")
# They walk through all that real processes do, so --all runs them once more on the servers of the wheels, without a
# browser, to which a server is a server.
JOURNEYS = "tests/journeys"
WITHOUT_BROWSER = "--ignore-glob=tests/journeys/test_web_*"
# It breaks the whole system, and judges how it does.
ALONE = "tests/faults/test_slice.py"
# They hash more passwords at once than the rest of a run leaves cores for, and judge how long that takes.
ONE_BY_ONE = ("tests/app/test_gunicorn.py", "tests/app/test_passwords.py", "tests/app/test_refreshing.py")
# Four files at a time, each process with a database of its own: most tests wait for something most of their time. What
# is long works more and waits less.
LOADFILE = ("--dist", "loadfile", "--no-loadscope-reorder")
SIDE_BY_SIDE = ("-n", "4", *LOADFILE)
IN_PAIRS = ("-n", "2", *LOADFILE)
# What is run always, and what --all runs after it; and whether what is slow is part of it.
FAST = (
    (ONE_BY_ONE, False),
    ([*(f"--ignore={file}" for file in (ALONE, *ONE_BY_ONE)), *SIDE_BY_SIDE], False),
)
SLOW = (
    ([f"--ignore={ALONE}", "-m", "slow", *IN_PAIRS], True),
    ([ALONE], True),
)
# Far above what any test takes, so that one that hangs is named instead of holding up all.
TEST_SECONDS = 300


def main(options: Options) -> int:
    """Run what is asked for; return the exit status."""
    # SIGINT too: a shell that starts us in the background has it ignored, and pytest would inherit that.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    kind = kind_from_environment()
    if options.arguments:
        return 0 if _test(options.arguments, kind, slow=options.all) else 1
    passed = [_run(linter) for linter in LINTERS]
    with _beside(BESIDE, passed):
        if options.all:
            passed += [audits.code_is_sound(), audits.packages_are_sound()]
        passed += [_test(part, kind, slow=slow) for part, slow in (FAST + SLOW if options.all else FAST)]
        if options.all and kind == "auto":
            passed.append(_test([JOURNEYS, WITHOUT_BROWSER, *IN_PAIRS], "wheels", slow=False))
    return 0 if all(passed) else 1


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
    print("$", *command, flush=True)
    with _process(command, variables or {}) as process:
        return process.wait() == 0


@contextmanager
def _beside(command: Sequence[str], passed: list[bool]) -> Iterator[None]:
    """Run it while the block does; what it says is shown in one piece, as soon as it has ended."""

    def show() -> None:
        process.wait()
        said.seek(0)
        print(f"\n$ {' '.join(command)}\n{said.read()}", end="", flush=True)

    with tempfile.TemporaryFile("w+") as said, ExitStack() as stack:
        process = _process(command, {}, output=said.fileno())
        shown = Thread(target=show)
        with process:
            stack.callback(shown.join)
            shown.start()
            yield
            shown.join()
        passed.append(process.status == 0)


def _process(command: Sequence[str], variables: Mapping[str, str], output: int | None = None) -> Process:
    folder = environment.folder() / "bin"
    path = f"{folder}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    told = {**os.environ, "PATH": path, **variables}
    # Hundreds of processes would each compile what they import.
    told.pop("PYTHONDONTWRITEBYTECODE", None)
    program = [str(folder / command[0]), *command[1:]]
    # SIGINT, for pytest then ends its fixtures and what they started.
    return Process(command[0], program, environment=told, stop_signal=signal.SIGINT, output=output)
