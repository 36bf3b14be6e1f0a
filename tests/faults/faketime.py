"""Finds the library that lies to a process about the time of day, or unpacks it from Debian's package."""

import subprocess
from pathlib import Path

NAME = "faketime/libfaketime.so.1"
PACKAGE = "libfaketime"


def find_faketime(folder: Path) -> Path | None:
    """The library of this machine, else one unpacked below the folder; None if there is neither."""
    cache = folder / "faketime"
    return _below(Path("/usr/lib")) or _below(cache) or (_below(cache) if _unpack(cache) else None)


def _below(folder: Path) -> Path | None:
    # In a folder that is named after the machine's architecture.
    places = [*folder.glob(f"*/{NAME}"), *folder.glob(f"usr/lib/*/{NAME}")]
    return places[0].absolute() if places else None


def _unpack(cache: Path) -> bool:
    """Without the rights of root: only downloaded and taken apart."""
    cache.mkdir(exist_ok=True)
    try:
        subprocess.run(["apt-get", "download", PACKAGE], cwd=cache, check=True, capture_output=True, timeout=60)
        package = next(cache.glob("*.deb"))
        subprocess.run(["dpkg", "-x", package, cache], check=True, capture_output=True, timeout=60)
    except (OSError, subprocess.SubprocessError, StopIteration):
        return False
    return True
