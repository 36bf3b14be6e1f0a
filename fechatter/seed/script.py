"""Reads a script: people, chats, and what is said in them."""

import re
from collections.abc import Iterator
from typing import NamedTuple

CHAT = re.compile(r"(public_channel|private_channel|group|single)(?: ([^:]+))?: ([a-z ]+?)(?: \| (.+))?")
LINE = re.compile(r"([a-z]+)( \^|:) (.+)")


class Line(NamedTuple):
    speaker: str
    text: str
    is_reply: bool


class Scene(NamedTuple):
    """A chat; the first of `people` makes it."""

    type: str
    name: str | None
    topic: str
    people: list[str]
    lines: list[Line]


class Script(NamedTuple):
    """`people` has their full names by the names that speak."""

    people: dict[str, str]
    scenes: list[Scene]


def read_script(text: str) -> Script:
    """Raises ValueError for a line that it cannot read."""
    script = Script({}, [])
    for line in _meaningful(text):
        if line.startswith("people: "):
            entries = line.removeprefix("people: ").split(", ")
            script.people.update(tuple(entry.split(" ", 1)) for entry in entries)  # type: ignore[misc]
        elif chat := CHAT.fullmatch(line):
            type_, name, people, topic = chat.groups()
            script.scenes.append(Scene(type_, name, topic or "", people.split(), []))
        elif said := LINE.fullmatch(line):
            script.scenes[-1].lines.append(Line(said[1], said[3], said[2] == " ^"))
        else:
            raise ValueError(f"not a line of a script: {line}")
    return script


def _meaningful(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()
