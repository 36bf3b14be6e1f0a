"""The PostgreSQL and Redis that a run needs and was not given."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import get_args

from launcher.binaries import Kind
from launcher.errors import LaunchError
from launcher.postgres import Postgres
from launcher.process import Process
from launcher.redis import Redis

START_SECONDS = 60


def kind_from_environment() -> Kind:
    """SERVERS, `auto` if it is not set."""
    given = os.environ.get("SERVERS") or "auto"
    kinds: tuple[Kind, ...] = get_args(Kind)
    for kind in kinds:
        if given == kind:
            return kind
    raise LaunchError(f"SERVERS is {given}: it can be auto, system or wheels.")


@contextmanager
def servers(folder: Path | None = None, kind: Kind = "auto", *, durable: bool = False) -> Iterator[dict[str, str]]:
    """Run both on free ports of the loopback address and give their DATABASE_URL and REDIS_URL.

    Without a folder they begin empty and leave nothing behind. They live no longer than the thread that called.
    """
    with ExitStack() as stack:
        place = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fechatter-")))
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        log = stack.enter_context(open(place / "servers.log", "ab"))
        postgres = Postgres(place / "postgres", kind, durable=durable, output=log.fileno())
        redis = Redis(place / "redis", kind, output=log.fileno())
        for server in (postgres, redis):
            stack.enter_context(server.process)
        for server in (postgres, redis):
            wait_until_ready(server.process, server.is_ready, place / "servers.log")
        yield {"DATABASE_URL": postgres.url, "REDIS_URL": redis.url}


def wait_until_ready(process: Process, is_ready: Callable[[], bool], log: Path) -> None:
    """Return when the server answers; raise LaunchError with the end of its log if it ends or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while not is_ready():
        if not process.is_alive or time.monotonic() > deadline:
            said = log.read_text(errors="replace")[-2000:]
            raise LaunchError(f"{process.name} did not start (status {process.status}):\n{said}")
        time.sleep(0.02)
