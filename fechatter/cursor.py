"""Places in the stream: for each workspace its feed's epoch and a position, as a short opaque word.

`1` alone is a cursor with no workspace; else `1.W-E-P.W-E-P…`, numbers in base 36, workspaces ascending.
"""

from collections.abc import Mapping
from typing import NamedTuple

VERSION = "1"
LONGEST = 8192
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
LARGEST = 2**63 - 1


class Place(NamedTuple):
    epoch: int
    position: int


Cursor = Mapping[int, Place]


def base36(number: int) -> str:
    """Of a number from 0 on."""
    digits = DIGITS[number % 36]
    while number := number // 36:
        digits = DIGITS[number % 36] + digits
    return digits


def write_place(workspace_id: int, place: Place) -> str:
    return f"{base36(workspace_id)}-{base36(place.epoch)}-{base36(place.position)}"


def write_cursor(cursor: Cursor) -> str:
    return ".".join([VERSION, *(write_place(w, cursor[w]) for w in sorted(cursor))])


def read_cursor(text: str) -> dict[int, Place] | None:
    """The places in a cursor, or None for what is not a cursor of ours (also one not written as we write them)."""
    version, *parts = text[: LONGEST + 1].split(".")
    if version != VERSION or len(text) > LONGEST or not all(_is_place(part) for part in parts):
        return None
    numbers = [[int(n, 36) for n in part.split("-")] for part in parts]
    cursor = {w: Place(epoch, position) for w, epoch, position in numbers if max(w, epoch, position) <= LARGEST}
    return cursor if write_cursor(cursor) == text else None


def _is_place(part: str) -> bool:
    fields = part.split("-")
    return len(fields) == 3 and all(f and len(f) <= 13 and set(f) <= set(DIGITS) for f in fields)
