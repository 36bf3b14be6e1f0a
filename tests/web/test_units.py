"""The tests of the web client's modules that need no browser, run by node; each file of them is a test here."""

import pytest

from launcher.paths import PROJECT
from tests.web.node import HERE, run_node

FILES = sorted((HERE / "unit").glob("*.test.mjs"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_of_node_tests_passes(path) -> None:  # type: ignore[no-untyped-def]
    done = run_node("--test", "--test-reporter=spec", str(path.relative_to(PROJECT)))
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
