"""The one thread of the proxy: waits for sockets and for moments, and calls back."""

import heapq
import select
from collections.abc import Callable
from itertools import count
from time import monotonic

Ready = Callable[[int], None]


class Loop:
    """`selectors` would cost as much again as the work itself, so this is epoll as it is."""

    def __init__(self) -> None:
        self.running = True
        self._epoll = select.epoll()
        self._ready: dict[int, Ready] = {}
        self._moments: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = count()

    def watch(self, descriptor: int, events: int, ready: Ready) -> None:
        self._epoll.register(descriptor, events)
        self._ready[descriptor] = ready

    def change(self, descriptor: int, events: int) -> None:
        self._epoll.modify(descriptor, events)

    def forget(self, descriptor: int) -> None:
        if self._ready.pop(descriptor, None):
            self._epoll.unregister(descriptor)

    def call_at(self, moment: float, call: Callable[[], None]) -> None:
        heapq.heappush(self._moments, (moment, next(self._numbers), call))

    def run(self) -> None:
        while self.running:
            for descriptor, events in self._epoll.poll(self._patience()):
                # Whoever was called earlier in this round may have closed it.
                if ready := self._ready.get(descriptor):
                    ready(events)
            while self._moments and self._moments[0][0] <= monotonic():
                heapq.heappop(self._moments)[2]()

    def _patience(self) -> float:
        return max(0.0, self._moments[0][0] - monotonic()) if self._moments else -1
