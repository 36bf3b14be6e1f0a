"""A real notify process: gunicorn with its gevent worker, as the Procfile starts it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from launcher.ports import free_port
from tests import family


class Notify:
    """One process of the notify door, that tests may stop and start."""

    def __init__(
        self, database_url: str, redis_url: str, settings: str = "notify/gunicorn_settings.py", **more: str
    ) -> None:
        self.settings, self.port = settings, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environ = os.environ | {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "PORT": str(self.port),
            "HOST": "127.0.0.1",
            "PUBLIC_URL": "http://localhost:1",
            "WEB_CONCURRENCY": "1",
            "LOG_LEVEL": "WARNING",
            **more,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, before: Callable[[], None] | None = None) -> "Notify":
        """`before` runs in the process before gunicorn does."""
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "--config",
            self.settings,
            "notify.wsgi:application",
        ]
        self.process = subprocess.Popen(command, env=self.environ, start_new_session=True, preexec_fn=before)
        for _ in range(1200):
            assert self.process.poll() is None, "notify did not start"
            try:
                if httpx.get(f"{self.url}/healthz", timeout=10).status_code == 200:
                    return self
            except httpx.TransportError:
                time.sleep(0.05)
        self.kill()
        raise AssertionError("notify does not answer")

    def send(self, number: int) -> None:
        assert self.process
        os.killpg(self.process.pid, number)

    def stop(self) -> None:
        """As under a debugger, or on a machine that swaps: everything stays as it is."""
        assert self.process
        family.stop(self.process.pid)

    def go_on(self) -> None:
        self.send(signal.SIGCONT)

    def kill(self, how: int = signal.SIGKILL) -> None:
        assert self.process
        if self.process.poll() is None:
            self.send(how)
            self.process.wait(60)

    def descriptors(self) -> int:
        """How many files and sockets the worker has open."""
        assert self.process
        workers = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in workers)
