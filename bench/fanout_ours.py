"""notify as the Procfile starts it, with events that were posted and relayed by the product itself."""

import time
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any

import httpx
from redis import Redis

from bench.contender import Action, Contender
from bench.crowd import Crowd
from bench.streams import Head, Mark
from bench.system import System
from fechatter.feed.placed import CHANNEL, Batch, write_batch

LONGEST_MAKING = 0.1
"""Seconds after which what has been posted is relayed: notify would relay for itself what waits much longer."""

METRICS_TOKEN = "for-the-benchmark-only-and-nobody-else"


class Gathered:
    """Keeps batches that are to be published, each as the product does it, and sends them together: as many commands,
    fewer round trips for who makes the load."""

    def __init__(self, url: str) -> None:
        self.pipeline = Redis.from_url(url, socket_timeout=10).pipeline(transaction=False)

    def publish(self, batch: Batch) -> None:
        self.pipeline.publish(CHANNEL % batch.workspace_id, write_batch(batch))

    def execute(self) -> None:
        self.pipeline.execute()


class Ours(Contender):
    """The system must have notify, with METRICS_TOKEN. `stolen` counts events that notify has relayed for itself."""

    name = "Fechatter notify"
    ready = "event: ready"
    chunk = 0.05

    def __init__(self, system: System, crowd: Crowd) -> None:
        self.system, self.crowd = system, crowd
        self.port = system.ports["notify"]
        self.stolen = 0
        self.gathered = Gathered(system.redis.url)

    def __enter__(self) -> "Ours":
        self.system.restart("notify")
        self.roots = [self.system.pid("notify")]
        return self

    def __exit__(self, *_: object) -> None:
        self.system.kill("notify")

    def heads(self, streams: int, chats: int) -> list[Head]:
        self.number_of_chats = chats
        return self.crowd.heads(self.system.url("notify"), streams, chats)

    def prepare(self, marks: Iterator[Mark], most: int) -> list[Action]:
        until, posted, batches = time.monotonic() + LONGEST_MAKING, 0, list[Batch]()
        for mark in islice(marks, most):
            self._post(mark)
            posted += 1
            if time.monotonic() > until:
                break
        self.crowd.world.relay(self.crowd.workspace, batches.extend)
        events = [batch._replace(events=[event]) for batch in batches for event in batch.events]
        # These are on their way already, and come before the others.
        stolen = posted - len(events)
        self.stolen += stolen
        actions: list[Action] = [partial(self.gathered.publish, event) for event in events]
        return [_nothing] * stolen + actions

    def _post(self, mark: Mark) -> None:
        person, chat_id = self.crowd.place(mark.chat, self.number_of_chats)
        posted = self.crowd.world.post(person, chat_id, mark.text(self.crowd.filling))
        assert posted.outcome == "created", posted.outcome

    def push(self) -> None:
        self.gathered.execute()

    def said(self) -> str:
        return self.system.said("notify")

    def readings(self) -> int:
        """How often notify has read a feed because it had not come through Redis."""
        token: dict[str, Any] = {"Authorization": f"Bearer {METRICS_TOKEN}"}
        answer = httpx.get(f"{self.system.url('notify')}/metrics", headers=token).raise_for_status()
        lines = [line.split() for line in answer.text.splitlines()]
        return int(
            float(next(value for name, *_, value in filter(None, lines) if name == "fechatter_feed_readings_total"))
        )


def _nothing() -> None:
    pass
