"""What others wrote of the web client: the files of their npm packages, unchanged, with their licences."""

import json
import re
from hashlib import sha256

import pytest

from launcher.paths import PROJECT

VENDOR = PROJECT / "app" / "web" / "vendor"
PACKAGES = json.loads((VENDOR / "VENDOR.json").read_text())["packages"]
FILES = {file["path"]: file for package in PACKAGES for file in package["files"]}


def test_every_file_is_listed() -> None:
    there = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}
    assert there - {"VENDOR.json"} == FILES.keys()


@pytest.mark.parametrize("path", FILES)
def test_a_file_is_as_its_package_has_it(path: str) -> None:
    assert sha256((VENDOR / path).read_bytes()).hexdigest() == FILES[path]["sha256"]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["name"])
def test_a_package_keeps_its_licence_and_its_version_is_exact(package: dict) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
    assert package["licence"]
    assert any(file["from"].startswith("LICENSE") for file in package["files"])
    assert any("module" in file for file in package["files"])


def test_no_bare_name_is_given_twice() -> None:
    names = [file["module"] for file in FILES.values() if "module" in file]
    assert len(names) == len(set(names))
