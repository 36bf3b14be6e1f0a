"""The system under test: its servers and its doors, under supervision, with a link wherever two of them meet."""

import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg2
import redis
from psycopg2.extensions import connection as Connection

from launcher.keys import kept_keys, kept_secret
from launcher.paths import PROJECT
from launcher.postgres import NAME, Postgres
from launcher.process import Process
from launcher.redis import Redis
from launcher.servers import kind_from_environment, wait_until_ready
from tests.faults.doors import HOST, NAMES, WITH_PORTS, Doors, open_log
from tests.faults.errors import RigError
from tests.faults.links import Links
from tests.faults.supervision import Died, Supervision

SERVERS = ("postgres", "redis")
PATIENCE = 60.0
"""Seconds in which all must be ready."""


class System:
    """`root` is the project that runs; `folder` keeps its data and logs. `start` first, `end` always."""

    def __init__(self, folder: Path, died: Died, root: Path = PROJECT, seed: int = 0) -> None:
        self.folder, self.logs = folder, folder / "logs"
        self.logs.mkdir(exist_ok=True)
        kind = kind_from_environment()
        # Without fsync: that a process dies loses nothing by it, for the kernel keeps what was written.
        self.postgres = Postgres(folder / "postgres", kind, durable=False, output=open_log(self.logs, "postgres"))
        self.redis = Redis(folder / "redis", kind, output=open_log(self.logs, "redis"))
        self.links = Links()
        urls = {"DATABASE_URL": self.postgres.url, "REDIS_URL": self.redis.url}
        self.doors = Doors(root, self.logs, self.links, urls, kept_keys(folder))
        self.supervision = Supervision(seed, died)

    def start(self) -> None:
        """Return when all is ready."""
        for server in (self.postgres, self.redis):
            self.supervision.watch(server.process)
            wait_until_ready(server.process, server.is_ready, self.logs / f"{server.process.name}.log")
        with self.doors.release() as release:
            if release.wait(PATIENCE) != 0:
                raise RigError(f"the release step has failed; see {self.logs}/release.log")
        for process in self.doors.make():
            self.supervision.watch(process)
        self.wait_until_ready()

    def end(self) -> None:
        self.supervision.end(NAMES, SERVERS)
        self.links.close()

    def process(self, name: str) -> Process:
        return self.supervision.process(name)

    def heal(self) -> None:
        """Whatever is left of faults goes; return when all is ready."""
        self.links.heal_all()
        self.wait_until_ready()

    def wait_until_ready(self, *names: str, seconds: float = PATIENCE) -> None:
        """Through the links, as clients come; all webs and notifies if none is named."""
        until = time.monotonic() + seconds
        for name in names or WITH_PORTS:
            while not self.is_ready(name):
                if time.monotonic() > until:
                    raise RigError(f"{name} was not ready within {seconds:g} s; see {self.logs}")
                time.sleep(0.05)

    def is_ready(self, name: str) -> bool:
        """Whether this web or notify has all that it needs; one that misses Redis has not."""
        try:
            return bool(httpx.get(f"{self.doors.url(name)}/readyz", timeout=3).json()["status"] == "ok")
        except (httpx.HTTPError, ValueError, KeyError):
            return False

    def answers(self, name: str) -> bool:
        """Whether this web or notify does, asked straight and not through its link."""
        try:
            return httpx.get(f"http://{HOST}:{self.doors.ports[name]}/healthz", timeout=3).is_success
        except httpx.HTTPError:
            return False

    def kill(self, name: str, *, group: bool = True) -> None:
        """kill -9 of the process, or of all that it started too; return when it is started again."""
        starts = self.supervision.starts(name)
        send = self.process(name).send_group if group else self.process(name).send
        send(signal.SIGKILL)
        self.supervision.wait_for_start(name, starts)

    @contextmanager
    def told_also(self, name: str, **variables: str) -> Iterator[None]:
        """Within this block the process runs with these variables too; it is killed before and after."""
        process = self.process(name)
        assert process.environment is not None
        before: Mapping[str, str] = process.environment
        try:
            process.environment = {**before, **variables}
            self.kill(name)
            yield
        finally:
            process.environment = before
            self.kill(name)

    def superuser(self, seconds: float = 10.0) -> Connection:
        """A connection that may do anything, in autocommit; waits this long for a PostgreSQL that has just started."""
        password = kept_secret(self.postgres.folder / "superuser-password")
        address = f"host={HOST} port={self.postgres.port} user=postgres dbname={NAME} connect_timeout=5"
        until = time.monotonic() + seconds
        while True:
            try:
                connection = psycopg2.connect(address, password=password)
            except psycopg2.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)
            else:
                connection.autocommit = True
                return connection

    def redis_client(self) -> "redis.Redis":
        return redis.Redis.from_url(self.redis.url, socket_timeout=5, socket_connect_timeout=5)
