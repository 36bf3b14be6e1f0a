"""Which workspaces have got new messages, as this process has relayed them; asking costs the relay nothing."""

import threading

from fechatter.feed.placed import Batch


class Heard:
    """`news` is set while there is something to take."""

    def __init__(self) -> None:
        self.news = threading.Event()
        self._workspaces = set[int]()
        self._lock = threading.Lock()

    def add(self, batch: Batch) -> None:
        if any(event.type == "message.created" for event in batch.events):
            with self._lock:
                self._workspaces.add(batch.workspace_id)
            self.news.set()

    def take(self) -> list[int]:
        """All since the last time."""
        with self._lock:
            self.news.clear()
            taken, self._workspaces = self._workspaces, set()
        return sorted(taken)


heard = Heard()
"""The one of this process."""
