"""A pool of connections that serves first who waits longest.

SQLAlchemy's own lets whoever asks at the right moment have the connection that was meant for a waiting one: with more
requests than connections the slowest in a hundred took ten times as long as half of them.
"""

import threading
from collections import deque
from typing import Any, TypeVar

from sqlalchemy.pool import QueuePool
from sqlalchemy.util.queue import Empty, Full, QueueCommon

T = TypeVar("T")


class _Waiter:
    """`got` is set, and then `served`, by who has something for it."""

    __slots__ = ("got", "served")

    def __init__(self) -> None:
        self.got: list[object] = []
        self.served = threading.Event()


class FairQueue(QueueCommon[T]):
    """What the pool wants of a queue; newest first while nobody waits, so that few connections stay warm."""

    def __init__(self, maxsize: int = 0, use_lifo: bool = True) -> None:
        self.maxsize, self.use_lifo = maxsize, use_lifo
        self._items: deque[T] = deque()
        self._waiters: deque[_Waiter] = deque()
        # Reentrant: a connection that is forgotten comes back from within whatever runs just then.
        self._lock = threading.RLock()

    def empty(self) -> bool:
        return not self._items

    def full(self) -> bool:
        return 0 < self.maxsize <= len(self._items)

    def qsize(self) -> int:
        return len(self._items)

    def put_nowait(self, item: T) -> None:
        self.put(item, block=False)

    def put(self, item: T, block: bool = True, timeout: float | None = None) -> None:
        """Never waits. Raises Full."""
        with self._lock:
            if self._waiters:
                first = self._waiters.popleft()
                first.got.append(item)
                first.served.set()
            elif self.full():
                raise Full
            else:
                self._items.append(item)

    def get_nowait(self) -> T:
        return self.get(block=False)

    def get(self, block: bool = True, timeout: float | None = None) -> T:
        """Waits for `timeout` seconds at most, behind all who wait already. Raises Empty."""
        with self._lock:
            if self._items:
                return self._items.pop() if self.use_lifo else self._items.popleft()
            if not block:
                raise Empty
            waiter = _Waiter()
            self._waiters.append(waiter)
        try:
            waiter.served.wait(timeout)
        except BaseException:  # who waited is gone, by a time-out of its own: what it got is another's
            for item in self._leave(waiter):
                self.put(item)
            raise
        for item in self._leave(waiter):
            return item
        raise Empty

    def _leave(self, waiter: _Waiter) -> list[T]:
        """What the waiter has got, if anything."""
        with self._lock:
            if not waiter.got:
                self._waiters.remove(waiter)
            return waiter.got  # type: ignore[return-value]


class FairPool(QueuePool):
    _queue_class: type[QueueCommon[Any]] = FairQueue
