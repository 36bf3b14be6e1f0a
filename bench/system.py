"""The system that is measured: PostgreSQL that keeps what it was given, Redis, and the processes of the Procfile."""

import os
import signal
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
from sqlalchemy import text

from fechatter.db import make_engine
from launcher import environment
from launcher.errors import LaunchError
from launcher.keys import kept_keys
from launcher.paths import PROJECT
from launcher.ports import free_port
from launcher.postgres import Postgres
from launcher.process import Process
from launcher.procfile import read_procfile, shell_command
from launcher.redis import Redis
from launcher.servers import kind_from_environment, wait_until_ready

HOST = "127.0.0.1"
PATIENCE = 60.0


class System:
    """`with System("web", "worker") as system:`, with the doors that are wanted; their limits are off.

    `told` are variables for all doors, `postgres` settings of that server. `engine` is one of our own on its database,
    `folder` goes with the system, and holds each process's log.
    """

    def __init__(self, *doors: str, postgres: Mapping[str, str] | None = None, **told: str) -> None:
        self.doors, self.told, self.settings = doors, told, postgres or {}
        self.stack, self.processes = ExitStack(), dict[str, Process]()

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.stack.close()
            raise
        return self

    def _start(self) -> None:
        self.folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory(prefix="fechatter-bench-")))
        kind = kind_from_environment()
        self.postgres = Postgres(
            self.folder / "postgres", kind, durable=True, output=self._log("postgres"), settings=self.settings
        )
        self.redis = Redis(self.folder / "redis", kind, output=self._log("redis"))
        for server in (self.postgres, self.redis):
            self.processes[server.process.name] = self.stack.enter_context(server.process)
            wait_until_ready(server.process, server.is_ready, self.folder / f"{server.process.name}.log")
        self.lines, self.keys = read_procfile(PROJECT / "Procfile"), kept_keys(self.folder)
        self.ports = {door: free_port() for door in ("web", "notify")}
        with self._process("release") as release:
            if release.wait(PATIENCE) != 0:
                raise LaunchError(f"the release step failed: {self.said('release')}")
        self.engine = make_engine(self.postgres.url, pool=5, name="bench")
        self.stack.callback(self.engine.dispose)
        for door in self.doors:
            self.processes[door] = self.stack.enter_context(self._process(door))
        for door in self.doors:
            self.wait_until_ready(door)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stack.close()

    def url(self, door: str) -> str:
        return f"http://{HOST}:{self.ports[door]}"

    def pid(self, name: str) -> int:
        """Of a door, of `postgres` or `redis`; its children are found below it."""
        return self.processes[name].pid

    def restart(self, door: str) -> None:
        self.processes[door].restart()
        self.wait_until_ready(door)

    def kill(self, door: str) -> None:
        self.processes[door].send_group(signal.SIGKILL)
        self.processes[door].wait()

    def serve(self, name: str, door: str, **told: str) -> None:
        """One more of an HTTP door, which `url`, `pid` and `said` know by this name."""
        self.ports[name] = free_port()
        process = self._process(door, PORT=str(self.ports[name]), **told)
        self.processes[name] = self.stack.enter_context(process)
        self.wait_until_ready(name)

    def another(self, door: str, **told: str) -> Process:
        """One more of a door that listens nowhere; `with` runs it."""
        return self._process(door, **told)

    def database(self, name: str) -> str:
        """The URL of one more database of this PostgreSQL, empty."""
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"))
        return self.postgres.url.rpartition("/")[0] + f"/{name}"

    def said(self, name: str) -> str:
        """The end of its log."""
        return (self.folder / f"{name}.log").read_text(errors="replace")[-2000:]

    def wait_until_ready(self, door: str) -> None:
        until = time.monotonic() + PATIENCE
        while not self._is_ready(door):
            if time.monotonic() > until or not self.processes[door].is_alive:
                raise LaunchError(f"{door} did not start: {self.said(self.processes[door].name)}")
            time.sleep(0.05)

    def _is_ready(self, door: str) -> bool:
        if door not in self.ports:
            return self.processes[door].is_alive
        try:
            return httpx.get(f"{self.url(door)}/readyz", timeout=3).is_success
        except httpx.HTTPError:
            return False

    def _process(self, door: str, **more: str) -> Process:
        told = {
            "PATH": f"{environment.folder() / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "FECHATTER_ENV": "development",
            "LOG_LEVEL": "WARNING",
            "RATE_LIMITS": "off",
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.redis.url,
            "PUBLIC_URL": self.url("web"),
            "NOTIFY_URL": self.url("notify"),
            "HOST": HOST,
            "WEB_CONCURRENCY": "2" if door == "web" else "1",
            **self.keys,
            **({"PORT": str(self.ports[door])} if door in self.ports else {}),
            **self.told,
            **more,
        }
        command = shell_command(self.lines[door])
        return Process(door, command, environment=told, folder=PROJECT, output=self._log(door))

    def _log(self, name: str) -> int:
        descriptor = os.open(self.folder / f"{name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.stack.callback(os.close, descriptor)
        return descriptor
