"""Operations of the workload with all their tries, and how long what they asked for may still come true."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from tests.faults.checker.faults import Faults

GRACE = 30.0
"""Seconds for which a request that was never answered may still be on its way, behind the faults that held it up."""

BY_SQL = "sql"

Intern = Callable[[str], int]
NO_TEXT = -1

OWN = ("op", "by", "session", "began", "ended", "status", "tries", "chat", "whom", "client_id", "content", "message")


class Try(NamedTuple):
    began: float
    ended: float
    status: int | None
    web: str

    @property
    def is_unsure(self) -> bool:
        """Whether nobody knows if it was carried out: no answer, or one that tells of trouble on the way."""
        return self.status is None or self.status >= 500


class Answered(NamedTuple):
    """The message in an answer to a send; `content` is a number of a text."""

    id: int
    seq: int
    created_at: str
    content: int


class Call:
    """One line of calls.jsonl. `content` is a number of a text; `more` is what only some operations have."""

    __slots__ = (*OWN, "more")

    def __init__(self, line: dict[str, Any], intern: Intern) -> None:
        self.op: str = line["op"]
        self.by: int = line.get("by", 0)
        self.session: int | None = line.get("session")
        self.began: float = line["began"]
        self.ended: float = line["ended"]
        self.status: int | None = line.get("status")
        self.tries = tuple(Try(*one) for one in line.get("tries") or ())
        self.chat: int = line.get("chat") or 0
        self.whom: int = line.get("whom") or self.by
        self.client_id: str | None = line.get("client_id")
        self.content = number_of(line.get("content"), intern)
        self.message = _answered(line.get("message"), intern)
        self.more = {name: value for name, value in line.items() if name not in OWN}

    @property
    def is_done(self) -> bool:
        """Whether it was acknowledged."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_by_web(self) -> bool:
        """Not what a fault wrote straight into the database."""
        return all(one.web != BY_SQL for one in self.tries)

    @property
    def may_have_acted(self) -> int:
        """How many of its tries may have been carried out; a line without tries was one."""
        if not self.tries:
            return int(self.is_done)
        return sum(1 for one in self.tries if one.is_unsure or (one.status or 0) < 300)

    def latest(self, faults: Faults) -> float:
        """The end of the time in which it may have been carried out."""
        unsure = [one for one in self.tries if one.is_unsure]
        if not unsure:
            return self.ended
        held_up = [fault.healed for one in unsure for fault in faults.within(one.began, one.ended)]
        return max([self.ended, *held_up]) + GRACE


def number_of(text: str | None, intern: Intern) -> int:
    return NO_TEXT if text is None else intern(text)


def _answered(message: dict[str, Any] | None, intern: Intern) -> Answered | None:
    if not message:
        return None
    content = number_of(message["content"], intern)
    return Answered(message["id"], message["seq"], message["created_at"], content)


def read_calls(folder: Path, intern: Intern) -> list[Call]:
    """Those of the workload, and the messages that a fault has sent, by the time at which they began."""
    files = [*sorted(folder.glob("calls*.jsonl")), *sorted(folder.glob("burst*.jsonl"))]
    return sorted((Call(line, intern) for path in files for line in read_lines(path)), key=lambda call: call.began)


def read_lines(path: Path) -> Iterator[Any]:
    """Raises ValueError with the place for what is not JSON."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                yield orjson.loads(line)
            except orjson.JSONDecodeError as error:
                raise ValueError(f"{path}:{number}: {error}") from error
