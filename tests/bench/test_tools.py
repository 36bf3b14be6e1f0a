"""Programs are compiled when they are first wanted, by whoever wants them."""

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bench.tools import COMPILERS, built
from launcher import environment

pytestmark = pytest.mark.skipif(not any(map(shutil.which, COMPILERS)), reason="there is no C compiler")


def test_several_may_want_the_same_program_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(environment, "folder", lambda: tmp_path)

    def ask(_: int) -> int:
        return subprocess.run([built("http_load"), "-x"], capture_output=True).returncode

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(8))) == [2] * 8
    assert len(list((tmp_path / "bench").iterdir())) == 1
