"""The data folder: private to its owner, and used by one bin/dev at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher.errors import LaunchError
from launcher.paths import PROJECT


def data_folder() -> Path:
    """DATA_DIR, else .data in the project."""
    return Path(os.environ.get("DATA_DIR") or PROJECT / ".data").absolute()


@contextmanager
def owned(folder: Path) -> Iterator[Path]:
    """Make the folder and hold its lock, which ends with this process however that ends."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        lock = open(folder / "lock", "a+", encoding="utf-8")  # noqa: SIM115
    except OSError as error:
        raise LaunchError(f"The data folder {folder} cannot be used: {error.strerror}. DATA_DIR moves it.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            other = lock.read().strip()
            raise LaunchError(f"Another bin/dev (process {other}) uses {folder}; end it, or set DATA_DIR.") from error
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield folder
