"""What bin/test --all asks beside the linters: bandit of our code, and pip-audit of the packages that it stands on."""

import json
import subprocess
from collections.abc import Sequence
from typing import Any

from launcher import environment
from launcher.paths import PROJECT

BANDIT = ("bandit", "--quiet", "--configfile", "pyproject.toml", "--severity-level", "medium", "--recursive")
PARTS = ("app", "fechatter", "frame", "notify", "worker", "client", "launcher", "migrations")
PIP_AUDIT = ("pip-audit", "--progress-spinner", "off", "--disable-pip", "--require-hashes", "--timeout", "5")
FILES = ("requirements.txt", "requirements-test.txt")
UNREACHED = ("onnect", "imed out", "retries", "resolve", "roxy")
"""What its errors say where there is no way to a service."""

LONGEST = 240
"""Seconds."""


def code_is_sound() -> bool:
    return _run([*BANDIT, *PARTS], shown=True).returncode == 0


def packages_are_sound(*options: str, files: Sequence[str] = FILES) -> bool:
    """True as well where nobody can be asked, which is said. `options` name another service than PyPI's."""
    words = [word for name in files for word in ("-r", name)]
    try:
        done = _run([*PIP_AUDIT, "--format", "json", *options, *words])
        packages: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except subprocess.TimeoutExpired:
        return _left_out(f"no answer in {LONGEST} s")
    except ValueError:
        if any(word in done.stderr for word in UNREACHED):
            return _left_out(done.stderr[-300:])
        print(done.stderr, flush=True)
        return False
    skipped = [package for package in packages if "skip_reason" in package]
    # Where an index stands in for PyPI, it may answer that it knows of none of them: pip-audit calls that a success.
    if len(skipped) == len(packages):
        return _left_out("the service knows none of the packages")
    found = [package for package in packages if package.get("vulns")]
    for package in found:
        names = ", ".join(one["id"] for one in package["vulns"])
        print(f"pip-audit: {package['name']} {package['version']} is vulnerable: {names}", flush=True)
    print(f"pip-audit: {len(packages)} packages, {len(skipped)} of them unknown, {len(found)} vulnerable", flush=True)
    return not found


def _left_out(why: str) -> bool:
    print(f"pip-audit was left out, nobody can be asked from here: {' '.join(why.split())}", flush=True)
    return True


def _run(command: Sequence[str], shown: bool = False) -> "subprocess.CompletedProcess[str]":
    print("$", *command, flush=True)
    program = str(environment.folder() / "bin" / command[0])
    return subprocess.run([program, *command[1:]], cwd=PROJECT, capture_output=not shown, text=True, timeout=LONGEST)
