"""A run of events as bytes: each made once, joined for all streams that get the same of it."""

from collections.abc import Mapping, Sequence

from fechatter.feed.placed import Placed
from notify import frames
from notify.channel import Channel
from notify.groups import Which, bits

OWN = "*"
"""Stands for the place that rises from event to event."""


class Encoded:
    """Events of one feed. While it is used, no other feed may move on: the ids name where they stand."""

    def __init__(self, channels: Mapping[int, Channel], channel: Channel, run: Sequence[Placed]) -> None:
        self.channels, self.channel = channels, channel
        self.id_lines: dict[tuple[int, ...], tuple[bytes, bytes, bytes]] = {}
        self.frames = [frames.event_frame(event) for event in run]
        self.places = [channel.write(event.position).encode() for event in run]

    def joined(self, workspaces: tuple[int, ...], which: Which) -> bytes:
        """The events whose bits `which` has, with the ids of a stream of these workspaces.

        A stream that has left this feed's workspace names it no more.
        """
        before, own, after = self.id_lines.get(workspaces) or self._id_line(workspaces)
        parts: list[bytes] = []
        for index in bits(which):
            parts += (self.frames[index], before, self.places[index] if own else b"", after)
        return b"".join(parts)

    def _id_line(self, workspaces: tuple[int, ...]) -> tuple[bytes, bytes, bytes]:
        """What stands before the event's own place, whether there is one, and what stands behind it."""
        here = self.channel.workspace_id
        line = frames.shared_id_line(OWN if w == here else self.channels[w].written_place for w in workspaces)
        found = self.id_lines[workspaces] = line.partition(OWN.encode())
        return found
