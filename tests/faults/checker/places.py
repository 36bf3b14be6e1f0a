"""Cursors as numbers: each one read once, however many streams carried it."""

from collections.abc import Iterator
from typing import NamedTuple

from fechatter.cursor import Place, read_cursor, write_cursor

Flat = tuple[int, ...]
"""Workspace, epoch, position, workspace, epoch, position …"""

NO_ID = -1


class Step(NamedTuple):
    workspace: int
    epoch: int
    position: int


class Places:
    """The number of a cursor is its index; one that is not ours has no places, and is kept as it is."""

    def __init__(self) -> None:
        self.all: list[Flat | None] = []
        self.foreign: dict[int, str] = {}
        self._numbers: dict[str, int] = {}

    def number_of(self, cursor: str | None) -> int:
        if cursor is None:
            return NO_ID
        number = self._numbers.get(cursor)
        return self._add(cursor) if number is None else number

    def _add(self, cursor: str) -> int:
        number = self._numbers[cursor] = len(self.all)
        read = read_cursor(cursor)
        if read is None:
            self.foreign[number] = cursor
            self.all.append(None)
        else:
            self.all.append(tuple(value for w, place in sorted(read.items()) for value in (w, *place)))
        return number

    def forget_texts(self) -> None:
        """When all is read: they are written anew where one is shown."""
        self._numbers.clear()

    def flat(self, number: int) -> Flat:
        """Nothing for no cursor, and for one that is not ours."""
        return (self.all[number] if number >= 0 else None) or ()

    def steps(self, number: int) -> Iterator[Step]:
        flat = self.flat(number)
        for index in range(0, len(flat), 3):
            yield Step(*flat[index : index + 3])

    def text(self, number: int) -> str:
        if number < 0:
            return "none"
        if number in self.foreign:
            return repr(self.foreign[number])
        return write_cursor({step.workspace: Place(step.epoch, step.position) for step in self.steps(number)})
