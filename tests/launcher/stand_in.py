"""A project in a folder of its own, its bin/dev, and a look at the processes that belong to it."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from launcher import environment

SECONDS = 90
OURS = (
    "DATABASE_URL",
    "REDIS_URL",
    "DATA_DIR",
    "HOST",
    "PUBLIC_URL",
    "NOTIFY_URL",
    "SECRET_KEY",
    "JWT_PRIVATE_KEY",
    "JWT_PUBLIC_KEY",
)


class Project:
    def __init__(self, folder: Path, port: int, notify_port: int) -> None:
        self.folder = folder
        self.port = port
        self.notify_port = notify_port
        self.log = folder / "dev.log"
        self.dev: subprocess.Popen[bytes] | None = None

    def variables(self) -> dict[str, str]:
        inherited = {key: value for key, value in os.environ.items() if key not in OURS}
        ports = {"PORT": str(self.port), "NOTIFY_PORT": str(self.notify_port)}
        return inherited | ports | {"VENV_DIR": str(environment.folder())}

    def start(self, **variables: str) -> None:
        with self.log.open("ab") as log:
            command = [sys.executable, "bin/dev"]
            told = self.variables() | variables
            self.dev = subprocess.Popen(command, cwd=self.folder, env=told, stdout=log, stderr=log)

    def start_until_ready(self, **variables: str) -> None:
        seen = self.said().count("Ready: ")
        self.start(**variables)
        wait_until(lambda: self.said().count("Ready: ") > seen or self.status() is not None)
        assert self.status() is None, self.said()

    def run(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "bin/dev", *words]
        told = self.variables() | variables
        return subprocess.run(command, cwd=self.folder, env=told, capture_output=True, text=True, timeout=SECONDS)

    def status(self) -> int | None:
        assert self.dev
        return self.dev.poll()

    def send(self, number: signal.Signals) -> int:
        """Signal bin/dev and wait for its end; return its exit status."""
        assert self.dev
        self.dev.send_signal(number)
        return self.dev.wait(SECONDS)

    def said(self) -> str:
        return self.log.read_text() if self.log.exists() else ""

    def answer(self) -> str:
        """What the web door says: its process id."""
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=30) as response:
            return str(response.read().decode())
        return ""

    def processes(self) -> list[int]:
        """All processes with a working folder or the word of an environment inside this project."""
        return [pid for pid in map(int, filter(str.isdecimal, os.listdir("/proc"))) if self._owns(pid)]

    def end(self) -> None:
        if self.dev and self.status() is None:
            self.send(signal.SIGTERM)
        for pid in self.processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _owns(self, pid: int) -> bool:
        # Servers write their title over their environment, but they work inside their data.
        with suppress(OSError):
            inside = Path(os.readlink(f"/proc/{pid}/cwd")).is_relative_to(self.folder)
            return inside or str(self.folder).encode() in Path(f"/proc/{pid}/environ").read_bytes()
        return False


def wait_until(condition: Callable[[], bool], seconds: float = SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
