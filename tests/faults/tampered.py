"""A perfect run in which one thing is spoilt, and which verdicts turn red by it."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from tests.faults.checker import Verdict, judge
from tests.faults.perfect import Perfect
from tests.faults.perfect_run import perfect_run

KIND, TIME, CHAIN, N, ID, TYPE, CHAT, SUBJECT, SEQ, CONTENT = range(10)
"""The places in a line of streams.jsonl that tells of an event."""

WRITTEN = ("calls", "lines", "faults", "final", "samples")
Line = list[Any]
Call = dict[str, Any]
Break = Callable[["Tampered"], object]


@cache
def whole() -> Perfect:
    return perfect_run()


class Tampered(Perfect):
    """`lines` and `calls` are there to be changed; what stands in them is found by what it is."""

    def __init__(self) -> None:
        self.__dict__ |= {
            name: orjson.loads(orjson.dumps(value)) if name in WRITTEN else value
            for name, value in whole().__dict__.items()
        }
        self.indexed = 0

    # --- what is there ---

    def events(self, type_: str = "message.created", chat: int | None = None, chain: int | None = None) -> list[Line]:
        return [
            line
            for line in self.lines
            if line[KIND] == "e" and line[TYPE] == type_ and chat in (None, line[CHAT]) and chain in (None, line[CHAIN])
        ]

    def made(self, op: str, **more: Any) -> list[Call]:
        """Calls of this kind that were answered by a success."""
        return [
            call
            for call in self.calls
            if call["op"] == op and 200 <= (call["status"] or 0) < 300 and more.items() <= call.items()
        ]

    def user_of(self, chain: int) -> int:
        return next(int(line[4]) for line in self.lines if line[0] == "open" and line[CHAIN] == chain)

    def chains_of(self, user: int) -> list[int]:
        return sorted({line[CHAIN] for line in self.lines if line[0] == "open" and line[4] == user})

    @property
    def start_of_talk(self) -> float:
        """When everybody has a stream."""
        return float(self.events()[0][TIME])

    def plain(self, chat: int = 10, chain: int | None = None) -> Iterator[Line]:
        """Messages that were acknowledged, sent once and never changed, in the midst of a connection."""
        changed = {call["message_id"] for call in self.calls if call["op"] in ("edit", "delete")}
        sent = [call["message"]["id"] for call in self.made("send", chat=chat)]
        once = {id_ for id_ in sent if sent.count(id_) == 1} - changed
        for line in self.events(chat=chat, chain=chain):
            near = self.near(line)
            if line[SUBJECT] in once and len(near) == 3 and all(one[KIND] == "e" for one in near):
                yield line

    def near(self, line: Line) -> list[Line]:
        """The line with those before and after it of its chain."""
        if len(self.lines) != self.indexed:
            self.index()
        mine = self.mine[line[CHAIN]]
        at = self.at[id(line)]
        return mine[max(0, at - 1) : at + 2]

    def index(self) -> None:
        """Where each line stands among those of its chain."""
        self.indexed, self.mine, self.at = len(self.lines), dict[int, list[Line]](), dict[int, int]()
        for line in self.lines:
            mine = self.mine.setdefault(line[CHAIN], [])
            self.at[id(line)] = len(mine)
            mine.append(line)

    def stored(self, message_id: int) -> list[Any]:
        return next(row for rows in self.final["messages"].values() for row in rows if row[0] == message_id)

    def sent(self, message_id: int) -> Call:
        return next(call for call in self.calls if (call.get("message") or {}).get("id") == message_id)

    def is_answered(self, message_id: int) -> bool:
        return any((call.get("message") or {}).get("id") == message_id for call in self.calls)

    # --- what is done to it ---

    def drop(self, line: Line) -> None:
        self.lines = [one for one in self.lines if one is not line]

    def put_behind(self, line: Line, new: Line) -> None:
        at = next(n for n, one in enumerate(self.lines) if one is line)
        self.lines.insert(at + 1, new)

    def swap(self, one: Line, other: Line) -> None:
        """What two events say, each at the place of the other."""
        one[TYPE:], other[TYPE:] = other[TYPE:], one[TYPE:]

    def store(self, chat: int, *row: Any) -> None:
        """One more message in history, counted as it should be."""
        self.final["messages"][str(chat)].append(list(row))
        self.final["sql"]["messages"][str(chat)] += 1


def verdicts(broken: Perfect, folder: Path) -> dict[str, Verdict]:
    """By the first word of their names."""
    return {verdict.name.split()[0]: verdict for verdict in judge(broken.write(folder))}


def red(broken: Perfect, folder: Path) -> set[str]:
    return {name for name, verdict in verdicts(broken, folder).items() if not verdict.holds}
