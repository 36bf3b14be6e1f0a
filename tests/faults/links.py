"""The links of the system, and the proxy process that they all lead through."""

import json
import subprocess
import sys
import threading
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from launcher.paths import PROJECT
from launcher.ports import free_port
from tests.faults.errors import RigError

LINKS = {
    f"{one}-{other}": tuple(f"{one}{n}-{other}" for n in (1, 2))
    for one in ("web", "worker", "notify")
    for other in ("pg", "redis")
} | {f"client-{door}": tuple(f"client-{door}{n}" for n in (1, 2)) for door in ("web", "notify")}
"""The links of each class."""


class Links:
    """Safe for threads: each command is answered before the next is given."""

    def __init__(self) -> None:
        self.ports: dict[str, int] = {}
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.proxy"],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Ctrl-C is for us, who then end it last.
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def open(self, name: str, target: int) -> int:
        """Lead a new port to the target; the port."""
        self.ports[name] = free_port()
        self._tell({"open": name, "port": self.ports[name], "target": target})
        return self.ports[name]

    def set(self, name: str, mode: str, **more: float) -> None:
        """Spoil a link, see `proxy/mode.py`."""
        self._tell({"link": name, "mode": {"name": mode, **more}})

    def heal(self, name: str) -> None:
        self.set(name, "pass")

    def heal_all(self) -> None:
        for name in self.ports:
            self.heal(name)

    def counts(self) -> dict[str, Any]:
        """`seconds` of processor time, and for each link how many connections it has and bytes it has carried."""
        return self._tell({"counts": True})

    def close(self) -> None:
        assert self._process.stdin
        with suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(3)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _tell(self, command: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        with self._lock:
            try:
                self._process.stdin.write(json.dumps(command).encode() + b"\n")
                self._process.stdin.flush()
                answer: dict[str, Any] = json.loads(self._process.stdout.readline() or "{}")
            except OSError:
                answer = {}
        if "error" in answer or not answer:
            raise RigError(f"the proxy did not do {command}: {answer.get('error', 'it has ended')}")
        return answer
