"""Which workspaces have got new messages, as this process has relayed them; asking costs the relay nothing."""

import threading
from collections.abc import Sequence

from fechatter.feed.placed import Batch


class Heard:
    """`news` is set while there is something to take."""

    def __init__(self) -> None:
        self.news = threading.Event()
        self._workspaces = set[int]()
        self._lock = threading.Lock()

    def add(self, batches: Sequence[Batch]) -> None:
        heard = {
            batch.workspace_id for batch in batches if any(event.type == "message.created" for event in batch.events)
        }
        if heard:
            with self._lock:
                self._workspaces |= heard
            self.news.set()

    def take(self) -> list[int]:
        """All since the last time."""
        with self._lock:
            self.news.clear()
            taken, self._workspaces = self._workspaces, set()
        return sorted(taken)


heard = Heard()
"""The one of this process."""
