"""Whether this process knows who has signed out, and what it may not tell anybody until it does."""

from collections.abc import Sequence
from time import monotonic
from typing import TYPE_CHECKING

from fechatter.feed.passing import Passing
from fechatter.feed.placed import Batch
from notify.channel import Channel

if TYPE_CHECKING:
    from notify.hub import Hub

INFORMED = 1.8
"""Seconds for which events are sent after the sessions that ended were read: a process that was stopped, or is cut off
from PostgreSQL, would else go on telling one of them."""


class Informed:
    """What is withheld comes later: events from their feed, and of each person whether it is here, as last heard,
    unless a feed has events that might end somebody's hearing of it. Who typed is not told then: it is over."""

    def __init__(self, hub: "Hub") -> None:
        self.hub = hub
        self.at = 0.0
        self.behind: set[Channel] = set()
        self.presence: dict[tuple[int, tuple[int, ...]], Passing] = {}

    @property
    def is_late(self) -> bool:
        return monotonic() - self.at > INFORMED

    def withholds(self, channel: Channel, items: Sequence[Batch] | Sequence[Passing]) -> bool:
        """Whether these must wait. For the hub's consumer only."""
        if not self.is_late:
            return False
        for item in items:
            if isinstance(item, Batch):
                self.behind.add(channel)
            elif item.type == "presence":
                self.presence[item.workspace_id, tuple(item.except_users)] = item
        return True

    def told(self, at: float) -> None:
        """All sessions that ended before then have been told so."""
        self.at = at
        presence, self.presence = self.presence, {}
        known = {c.workspace_id for c in self.hub.channels.values() if c not in self.behind and not c.reading}
        self.hub.put_first([event for event in presence.values() if event.workspace_id in known])
        behind, self.behind = self.behind, set()
        for channel in behind:
            self.hub.gaps.read(channel)
