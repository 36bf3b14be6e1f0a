"""People with their streams at a real notify process, compared with what the model says that they must have carried."""

from collections import defaultdict
from time import monotonic
from typing import Any

from tests.notify.raw_stream import Frame, RawStream
from tests.stateful.audience import Ears, Told
from tests.world import Person

QUIET = 0.15
"""Seconds in which what should not come would come: it is sent with what should."""


class Listener:
    """One person's streams, one after the other."""

    def __init__(self, port: int, person: Person, ears: Ears) -> None:
        self.port, self.person, self.ears = port, person, ears
        self.got: dict[int, list[Frame]] = defaultdict(list)
        self.stream: RawStream | None = None
        self.cursor: str | None = None
        self.connect()

    def connect(self) -> None:
        self.stream, self.taken = RawStream(self.port, self.person.token, self.cursor), 0
        self.stream.until_type("ready")

    def disconnect(self) -> None:
        assert self.stream
        self.cursor = self.stream.last_id
        self.stream.close()
        self.stream = None

    def catch_up(self, seconds: float = 30) -> None:
        """Reads until all has come that must, and fails where anything else comes, or in another order."""
        until = monotonic() + seconds
        while self._lacks() and monotonic() < until:
            self._read(0.2)
        self._read(0)
        for workspace_id in {*self.ears.heard, *self.got}:
            wanted, got = self.ears.heard[workspace_id], self.got[workspace_id]
            for number, (told, frame) in enumerate(zip(wanted, got, strict=False)):
                assert _fits(told, frame), f"event {number} of {workspace_id} says {frame.data}, not {told}"
            assert len(wanted) == len(got), f"wanted {wanted[len(got) :]}, got {got[len(wanted) :]} of {workspace_id}"

    def hear_nothing_more(self) -> None:
        self._read(QUIET)
        self.catch_up(0)

    def _lacks(self) -> bool:
        return any(len(told) > len(self.got[workspace]) for workspace, told in self.ears.heard.items())

    def _read(self, seconds: float) -> None:
        assert self.stream
        while self.stream.read(seconds):
            seconds = 0
        assert not self.stream.ended
        new = self.stream.lasting()[self.taken :]
        self.taken += len(new)
        for frame in new:
            workspace_id = frame.data["workspace_id"]
            maybe = self.ears.maybe.pop(workspace_id, None)
            if maybe is None or not (maybe.is_heard and _fits(maybe, frame)):
                self.got[workspace_id].append(frame)


def _fits(told: Told, frame: Frame) -> bool:
    if not _agree(told.says, frame.data):
        return False
    if told.message is None:
        return True
    # A text that is deleted in the meantime may or may not be in what was on its way.
    gone = {None} if told.message.is_deleted else set()
    return frame.data["message"]["content"] in {told.text} | gone


def _agree(wanted: Any, got: Any) -> bool:
    if isinstance(wanted, dict):
        return all(name in got and _agree(value, got[name]) for name, value in wanted.items())
    return bool(wanted == got)
