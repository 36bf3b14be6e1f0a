"""The types of the web client: those of the API are not stale, and all of them fit."""

import json
from pathlib import Path

from launcher.paths import PROJECT
from tests.web.api_types import FILE, described, write_types
from tests.web.node import packages, run_node
from tests.web.test_vendor import FILES, PACKAGES, VENDOR

WEB = PROJECT / "app" / "web"


def test_the_types_of_the_api_are_those_that_it_describes() -> None:
    assert FILE.read_text() == write_types(described()), "stale: python -m tests.web.api_types"


def test_all_types_fit(tmp_path: Path) -> None:
    modules = packages()
    names = [package["name"] for package in PACKAGES]
    paths = {name: [str(modules / name)] for name in names} | {"preact/hooks": [str(modules / "preact" / "hooks")]}
    options = {"paths": paths, "typeRoots": [], "rootDir": "/"}
    settings = {
        "extends": str(WEB / "tsconfig.json"),
        "compilerOptions": options,
        "include": [str(WEB / "js")],
    }
    (tmp_path / "tsconfig.json").write_text(json.dumps(settings))
    done = run_node(str(modules / "typescript" / "bin" / "tsc"), "--project", str(tmp_path / "tsconfig.json"))
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_what_is_vendored_is_what_the_packages_have() -> None:
    """Down to the byte, with what npm has for that version, whose own checksum is in the lock file."""
    modules = packages()
    for package in PACKAGES:
        assert json.loads((modules / package["name"] / "package.json").read_text())["version"] == package["version"]
        for file in package["files"]:
            assert (modules / package["name"] / file["from"]).read_bytes() == (VENDOR / file["path"]).read_bytes()
    assert FILES
