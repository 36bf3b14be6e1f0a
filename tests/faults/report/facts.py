"""The head of a report: on what machine and with what the run was made, and how much of everything there was."""

import os
import platform
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import orjson

from fechatter import __version__
from launcher.binaries import find_postgres, find_redis
from launcher.errors import LaunchError
from launcher.paths import PROJECT
from launcher.servers import kind_from_environment
from tests.faults.checker.chain import Opened
from tests.faults.checker.history import History
from tests.faults.report.series import Series

PACKAGES = ("gunicorn", "gevent", "celery", "Flask", "SQLAlchemy", "psycopg2-binary", "redis")
Fact = tuple[str, str]


def facts(history: History, series: Series, folder: Path) -> list[Fact]:
    """Names and values, in the order in which they are to be read."""
    injected = history.faults.injected()
    failed = len(history.faults) - len(injected)
    return [
        ("Machine", ", ".join(_machine())),
        ("Versions", ", ".join(_versions())),
        ("Seed", _seeds(history)),
        ("Duration", f"{minutes(history.end - history.start)} of which {minutes(_broken_for(history))} with faults"),
        ("Messages", f"{sum(map(len, history.final.messages.values())):,} in {len(history.final.messages)} chats"),
        ("Calls", f"{len(history.calls):,}, in {sum(max(1, len(call.tries)) for call in history.calls):,} tries"),
        (
            "Deliveries",
            f"{series.deliveries:,} messages on {len(history.chains):,} chains, {_connections(history):,} streams",
        ),
        (
            "Faults",
            f"{len(injected)} of {len({fault.kind for fault in injected})} kinds"
            + (f", {failed} failed" if failed else ""),
        ),
        *_deaths(folder),
    ]


def minutes(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60} min {whole % 60} s" if whole >= 60 else f"{seconds:.0f} s"


def _machine() -> Iterator[str]:
    model = _line_of(Path("/proc/cpuinfo"), "model name")
    yield f"{os.cpu_count()} × {model or platform.machine()}"
    if memory := _line_of(Path("/proc/meminfo"), "MemTotal"):
        yield f"{int(memory.split()[0]) / 2**20:.0f} GiB of memory"
    yield f"{platform.system()} {platform.release()}"


def _line_of(path: Path, name: str) -> str:
    with suppress(OSError):
        for line in path.read_text().splitlines():
            if line.startswith(name):
                return line.partition(":")[2].strip()
    return ""


def _versions() -> Iterator[str]:
    commit = _commit()
    yield f"Fechatter {__version__}" + (f" ({commit})" if commit else "")
    yield f"Python {platform.python_version()}"
    with suppress(LaunchError):
        kind = kind_from_environment()
        for name, binary in (("PostgreSQL", find_postgres(kind)), ("Redis", find_redis(kind))):
            yield f"{name} {'.'.join(map(str, binary.version))}"
    for package in PACKAGES:
        with suppress(PackageNotFoundError):
            yield f"{package} {version(package)}"


def _commit() -> str:
    with suppress(OSError, subprocess.SubprocessError):
        command = ["git", "describe", "--always", "--dirty", "--exclude", "*"]
        return subprocess.run(
            command, cwd=PROJECT, capture_output=True, text=True, timeout=10, check=True
        ).stdout.strip()
    return ""


def _seeds(history: History) -> str:
    seeds: Sequence[int] = history.layout.get("seeds") or [history.layout.get("seed", 0)]
    return ", then ".join(map(str, seeds))


def _broken_for(history: History) -> float:
    faults = history.faults.injected()
    return max((fault.healed for fault in faults), default=0.0) - min((fault.began for fault in faults), default=0.0)


def _connections(history: History) -> int:
    return sum(isinstance(extra, Opened) for chain in history.chains.values() for extra in chain.extras)


def _deaths(folder: Path) -> list[Fact]:
    """Of processes that no fault had its hands on."""
    path = folder / "history" / "restarts.jsonl"
    lines = [orjson.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []
    died = [f"{line['process']} (status {line['status']})" for line in lines if line.get("fault") is None]
    return [("Died by themselves", ", ".join(died))] if died else []
