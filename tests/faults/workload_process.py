"""The workload's process, and the few words that the rig has with it."""

import os
import select
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from launcher.paths import PROJECT
from tests.faults.errors import RigError

RUNNING = 90.0
"""Seconds in which people, chats and streams must be there."""

DRAINED = 240.0


class Workload:
    """Started by its block, killed by the end of that if it has not ended by itself."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "logs" / "workload.log"
        with open(self.log, "ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.workload", str(folder)],
                cwd=PROJECT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait_until_running(self) -> None:
        """Raises RigError if it ends instead, or takes too long."""
        assert self._process.stdout
        until, said = time.monotonic() + RUNNING, b""
        while b"running\n" not in said:
            self.check()
            if time.monotonic() > until:
                raise RigError(f"the workload has not begun within {RUNNING:g} s; see {self.log}")
            if select.select([self._process.stdout], [], [], 0.2)[0]:
                said += os.read(self._process.stdout.fileno(), 4096)

    def check(self) -> None:
        """Raises RigError if it has ended."""
        if self._process.poll() is not None:
            raise RigError(f"the workload has ended with status {self._process.returncode}; see {self.log}")

    def drain(self) -> None:
        """Let it come to its end; raises RigError if it does not come to a good one."""
        self.check()
        assert self._process.stdin
        self._process.stdin.write(b"drain\n")
        self._process.stdin.flush()
        try:
            status = self._process.wait(DRAINED)
        except subprocess.TimeoutExpired:
            raise RigError(f"the workload has not ended within {DRAINED:g} s; see {self.log}") from None
        if status:
            raise RigError(f"the workload has ended with status {status}; see {self.log}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe
            with suppress(OSError):
                pipe.close()
