"""What a running bin/dev leaves in its data folder, so that commands for operators reach the same servers."""

import fcntl
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from launcher.errors import LaunchError
from launcher.paths import write_private

FILE = "environment.json"
READ = (
    "FECHATTER_ENV",
    "DATABASE_URL",
    "UNSAFE_POSTGRESQL",
    "REDIS_URL",
    "REDIS_TLS_VERIFY",
    "PUBLIC_URL",
    "NOTIFY_URL",
)
"""What commands read; whatever else the caller's environment holds is not for a file."""


def leave_environment(folder: Path, told: Mapping[str, str]) -> None:
    """Write down what the doors were told."""
    write_private(folder / FILE, json.dumps({name: told[name] for name in READ if name in told}))


def remove_environment(folder: Path) -> None:
    """At the end, and at a start after a kill -9."""
    (folder / FILE).unlink(missing_ok=True)


def environment_of_running(folder: Path) -> dict[str, str]:
    """What commands have to be told. Raises LaunchError if no bin/dev is up and running on this folder."""
    if not _is_owned(folder):
        raise LaunchError(f"no bin/dev runs on {folder}; start one in another terminal, or set DATA_DIR.")
    try:
        told: dict[str, str] = json.loads((folder / FILE).read_text())
    except FileNotFoundError as missing:
        raise LaunchError(f"the bin/dev on {folder} is not ready yet; try again when it says so.") from missing
    return told


def _is_owned(folder: Path) -> bool:
    with suppress(FileNotFoundError), open(folder / "lock", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
