"""Events sent to streams: so many on their way at a time, or so many a second."""

import time
from collections import deque
from dataclasses import dataclass
from itertools import count
from math import ceil

from bench.contender import Action, Contender
from bench.rounds import Sample
from bench.streams import Done, Mark, Streams
from bench.usage import fine_cpu_seconds, tree
from launcher.errors import LaunchError

MOST_AHEAD = 400
"""Events that are made before they are sent."""

PATIENCE = 30.0


@dataclass
class Spent:
    """Seconds of the clock, and of CPU."""

    events: int = 0
    seconds: float = 0
    servers: float = 0
    client: float = 0
    sender: float = 0

    def add(self, sign: int, servers: list[int], client: int) -> None:
        """The clocks as they stand: with -1 before, with 1 behind what is measured."""
        self.seconds += sign * time.monotonic()
        self.servers += sign * fine_cpu_seconds(servers)
        self.client += sign * fine_cpu_seconds([client])
        self.sender += sign * time.process_time()


class Course:
    """The events that the streams of a contender get: its chats take turns, each with its own numbers."""

    def __init__(self, contender: Contender, streams: Streams, chats: int) -> None:
        self.contender, self.streams = contender, streams
        self.members = len(streams.heads) // chats
        self.marks = (Mark(chat, number) for number in count(1) for chat in range(chats))
        self.servers = [pid for root in contender.roots for pid in tree(root)]

    def in_window(self, window: int, seconds: float) -> Sample:
        """Keeps that many events on their way for so long. Deliveries by second of the servers' CPU and of the clock,
        and the shares of a core that the streams' program and who sends used; making the events is in none of them."""
        self.send(window, window)  # once around, before it counts
        spent, size = Spent(), 2 * window
        while spent.seconds < seconds:
            self._send(self.contender.prepare(self.marks, size), window, spent)
            size = min(MOST_AHEAD, max(2 * window, int(self.contender.chunk * spent.events / spent.seconds)))
        deliveries = spent.events * self.members
        return {
            "cpu": deliveries / spent.servers,
            "wall": deliveries / spent.seconds,
            "client": spent.client / spent.seconds,
            "sender": spent.sender / spent.seconds,
        }

    def send(self, events: int, window: int) -> None:
        while events > 0:
            spent = Spent()
            self._send(self.contender.prepare(self.marks, min(events, MOST_AHEAD)), window, spent)
            events -= spent.events

    def at_rate(self, rate: float, seconds: float) -> Sample:
        """So many events a second: milliseconds from sending an event to its last stream."""
        sent, delays, began = dict[Mark, int](), list[float](), time.monotonic()
        for number in range(ceil(rate * seconds)):
            while (left := began + number / rate - time.monotonic()) > 0:
                delays += _delays(sent, self.streams.done(left))
            mark = next(self.marks)
            (action,) = self.contender.prepare(iter([mark]), 1)
            sent[mark] = time.monotonic_ns()
            action()
            self.contender.push()
        while sent:
            delays += _delays(sent, self._arrived())
        self.contender.finish()
        return {"p50": quantile(delays, 0.5), "p99": quantile(delays, 0.99)}

    def _send(self, events: list[Action], window: int, spent: Spent) -> None:
        spent.events += len(events)
        spent.add(-1, self.servers, self.streams.pid)
        waiting, flying = deque(events), 0
        while waiting or flying:
            while waiting and flying < window:
                waiting.popleft()()
                flying += 1
            self.contender.push()
            if flying:  # notify may have read for itself what was still to be sent
                flying -= len(self._arrived())
        self.contender.finish()
        spent.add(1, self.servers, self.streams.pid)

    def _arrived(self) -> list[Done]:
        until = time.monotonic() + PATIENCE
        while not (arrived := self.streams.done(1)):
            if time.monotonic() > until:
                late = f"an event has not come on all streams in {PATIENCE:.0f} s"
                raise LaunchError(f"{self.contender.name}: {late}. {self.contender.said()}".strip())
        return arrived


def _delays(sent: dict[Mark, int], arrived: list[Done]) -> list[float]:
    return [(one.time - sent.pop(one.mark)) / 1e6 for one in arrived]


def quantile(values: list[float], share: float) -> float:
    """The value that this share of them does not pass."""
    return sorted(values)[max(0, ceil(share * len(values)) - 1)]
