"""What bin/test --all asks beside the linters: bandit of our code, and pip-audit of the packages it stands on."""

import subprocess
from collections.abc import Sequence

from launcher import environment
from launcher.paths import PROJECT

BANDIT = ("bandit", "--quiet", "--configfile", "pyproject.toml", "--recursive")
PARTS = ("app", "fechatter", "frame", "notify", "worker", "client", "launcher", "migrations")
PIP_AUDIT = ("pip-audit", "--progress-spinner", "off", "--disable-pip", "--require-hashes", "--timeout", "5")
UNREACHED = ("connect", "Connection", "timed out", "Max retries", "resolve", "503 ", "502 ", "ProxyError")
"""Words of pip-audit's errors where there is no way to a service that knows of vulnerabilities."""

LONGEST = 240
"""Seconds."""


def code_is_sound() -> bool:
    return _run([*BANDIT, *PARTS]).returncode == 0


def packages_are_sound(*options: str) -> bool:
    """True as well where nobody can be asked, which is said. `options` name another service."""
    try:
        done = _run([*PIP_AUDIT, *options, *(word for name in _pinned() for word in ("-r", name))], quiet=True)
    except subprocess.TimeoutExpired:
        return _left_out()
    if done.returncode and "known vulnerabilit" not in done.stderr and any(word in done.stderr for word in UNREACHED):
        return _left_out()
    print(done.stdout + done.stderr, end="", flush=True)
    return done.returncode == 0


def _pinned() -> list[str]:
    """What runs; binaries of servers are their projects' business, and have no Python in use."""
    return ["requirements.txt", "requirements-test.txt"]


def _left_out() -> bool:
    print("pip-audit was left out: no service that knows of vulnerabilities can be reached from here.", flush=True)
    return True


def _run(command: Sequence[str], quiet: bool = False) -> "subprocess.CompletedProcess[str]":
    print("$", *command, flush=True)
    program = str(environment.folder() / "bin" / command[0])
    return subprocess.run(
        [program, *command[1:]], cwd=PROJECT, capture_output=quiet, text=True, timeout=LONGEST, check=False
    )
