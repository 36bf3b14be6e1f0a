"""What is done alike with each other service that messages are posted to."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Self

import httpx
from sqlalchemy import Engine

from bench.answered import messages
from bench.costs import Costs
from bench.http_load import Loaded, load
from bench.post_ours import sample
from bench.rounds import Sample
from bench.system import HOST, System
from fechatter.db import make_engine
from launcher.errors import LaunchError
from launcher.ports import free_port


class Other(ABC):
    """`with` runs it, on one more database of the system's PostgreSQL; raises LaunchError if it does not start.

    `posted` counts all that it has answered well.
    """

    name: str
    front: str
    """Its process that answers HTTP."""
    most_a_second: int
    """More than there will be answers: so many requests are made ahead."""
    status = 201

    def __init__(self, system: System) -> None:
        self.system, self.posted = system, 0
        self.port, self.stack = free_port(), ExitStack()
        self.url = f"http://{HOST}:{self.port}"

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    def make_database(self) -> Engine:
        engine = make_engine(self.system.database(self.name), pool=2, name="bench")
        self.stack.callback(engine.dispose)
        return engine

    @abstractmethod
    def start(self) -> None:
        """What is to be ended again goes on `stack`."""

    @abstractmethod
    def pids(self) -> Mapping[str, int]:
        """Its processes, by their names."""

    @abstractmethod
    def requests(self, count: int) -> Sequence[bytes]:
        """Posts of so many messages, by people at random."""

    @abstractmethod
    def stored(self) -> int:
        """How many messages are in its database."""

    def drain(self) -> None:  # noqa: B027 - some have nothing to wait for
        """Returns when what was posted is on its way to its readers."""

    def turn(self, connections: int, seconds: float) -> Sample:
        """Costs are counted until all is drained."""
        requests = self.requests(int(seconds * self.most_a_second))
        with Costs(self.system.engine, {**self.pids(), "postgres": self.system.pid("postgres")}) as costs:
            got = load(self.url, requests, connections, seconds, expected=(self.status,), repeat=False, bodies=True)
            self.posted += got.count
            self.drain()
        self.check_answers(requests, got)
        return sample(got, costs, (self.front,))

    def check_answers(self, requests: Sequence[bytes], got: Loaded) -> None:
        """Raises LaunchError unless each is what was posted."""
        messages(requests, got)

    def check(self) -> None:
        """Raises LaunchError unless each good answer has left one message."""
        if (stored := self.stored()) != self.posted:
            raise LaunchError(f"{self.name} answered {self.posted} posts, and has {stored} messages")

    def answers(self, path: str, status: int) -> bool:
        try:
            return httpx.get(f"{self.url}{path}", timeout=5).status_code == status
        except httpx.HTTPError:
            return False
