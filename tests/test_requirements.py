"""What is installed is what was looked at: each package by its exact version, and only with a hash that is known."""

import re
from pathlib import Path

import pytest

from launcher.paths import PROJECT

FILES = sorted({*PROJECT.glob("requirements*.txt"), *PROJECT.glob("bench/**/requirements*.txt")})
PIN = re.compile(r"([A-Za-z0-9._-]+)(?:\[[\w,-]+\])?==[0-9][^\s;*]*(?: ; [^\\]+)?")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def requirements(path: Path) -> list[list[str]]:
    """Each with its continuation lines, comments aside."""
    text = "\n".join(line for line in path.read_text().splitlines() if not line.strip().startswith("#"))
    joined = text.replace("\\\n", " ")
    return [re.split(r"\s+(?=--)", line.strip()) for line in joined.splitlines() if line.strip()]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_every_package_is_pinned_and_hashed(path: Path) -> None:
    found = requirements(path)
    assert found
    for pin, *hashes in found:
        assert PIN.fullmatch(pin.strip()), pin
        assert hashes, f"{pin} has no hash"
        assert all(HASH.fullmatch(one.strip()) for one in hashes), pin


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_every_package_that_is_asked_for_is_pinned(path: Path) -> None:
    """Or else the one file was changed and the other was not compiled again."""
    asked = [line.split("#")[0].strip() for line in path.with_suffix(".in").read_text().splitlines()]
    names = {_normal(re.split(r"[=<>\[;! ]", line)[0]) for line in asked if line and not line.startswith("-")}
    pinned = {_normal(found[1]) for pin, *_ in requirements(path) if (found := PIN.fullmatch(pin.strip()))}
    assert names
    assert names - pinned == set()


def test_what_the_tests_add_does_not_differ_from_what_production_runs() -> None:
    versions: dict[str, set[str]] = {}
    for path in (PROJECT / "requirements.txt", PROJECT / "requirements-test.txt"):
        for pin, *_ in requirements(path):
            versions.setdefault(_normal(pin.split("==")[0]), set()).add(pin.split("==")[1].split()[0])
    markers = re.findall(r"^([\w.-]+)==\S+ ;", (PROJECT / "requirements.txt").read_text(), re.MULTILINE)
    several = {name for name, found in versions.items() if len(found) > 1}
    assert several <= {_normal(name) for name in markers}


@pytest.mark.parametrize("name", ["launcher/environment.py", "docs/operations.md"])
def test_packages_are_installed_only_by_their_hashes(name: str) -> None:
    text = (PROJECT / name).read_text()
    assert "pip" in text
    assert "--require-hashes" in text
    assert "--no-deps" in text


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
