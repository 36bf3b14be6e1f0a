"""One client's lineage through all its connections, packed: five million events must fit into memory."""

from collections.abc import Callable, Iterable, Iterator
from struct import Struct
from typing import Any, NamedTuple

from tests.faults.checker.calls import NO_TEXT, Intern, number_of

PACKED = Struct("=dhiiiqiii")
"""A row in 42 bytes."""

NONE = -1
"""For no chat, no subject, no seq."""

KINDS = [
    "open",
    "head",
    "id",
    "quiet",
    "end",
    "list",
    "ready",
    "reset",
    "bye",
    "message.created",
    "message.updated",
    "message.deleted",
    "chat.created",
    "member.added",
    "member.removed",
]
"""What a row is; other types of events are added as they come."""

OPEN, HEAD, ID, QUIET, END, LIST, READY, RESET, BYE, CREATED, UPDATED, DELETED, CHAT, ADDED, REMOVED = range(len(KINDS))
PASSING = frozenset({"typing", "presence"})
NUMBERS = {kind: number for number, kind in enumerate(KINDS)}


class Opened(NamedTuple):
    user: int
    session: int | None
    cursor: int
    notify: str
    style: str


class Listed(NamedTuple):
    cursor: int
    chats: dict[int, int]


class Row(NamedTuple):
    """`subject` is a message's id or a user's; `id` a number of a cursor, `content` one of a text, `extra` one of what
    fits into no number."""

    time: float
    kind: int
    n: int
    id: int
    chat: int
    subject: int
    seq: int
    content: int
    extra: int


Plain = tuple[float, int, int, int, int, int, int, int, int]
"""A row without the names: there are millions."""


class Chain:
    """`extras` has what fits into no number: Opened, Listed, the seconds of a silence, the reason of an end."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.rows_packed = bytearray()
        self.extras: list[Any] = []
        self.opened: Opened | None = None

    @property
    def user(self) -> int:
        return self.opened.user if self.opened else 0

    @property
    def session(self) -> int | None:
        return self.opened.session if self.opened else None

    @property
    def style(self) -> str:
        return self.opened.style if self.opened else ""

    def __len__(self) -> int:
        return len(self.rows_packed) // PACKED.size

    @property
    def first(self) -> float:
        """When its first row was written."""
        return float(PACKED.unpack_from(self.rows_packed, 0)[0])

    @property
    def last(self) -> float:
        return float(PACKED.unpack_from(self.rows_packed, len(self.rows_packed) - PACKED.size)[0])

    def rows(self) -> Iterator[Plain]:
        return PACKED.iter_unpack(self.rows_packed)

    def of(self, *kinds: int) -> Iterator[Row]:
        wanted = frozenset(kinds)
        return (Row(*row) for row in self.rows() if row[1] in wanted)

    def noted(self, row: Row) -> Any:
        return self.extras[row.extra] if row.extra >= 0 else None

    def add(
        self,
        time: float,
        kind: int,
        n: int,
        id: int = NONE,
        chat: int = NONE,
        subject: int = NONE,
        seq: int = NONE,
        content: int = NO_TEXT,
        extra: Any = None,
    ) -> None:
        number = NONE
        if extra is not None:
            number = len(self.extras)
            self.extras.append(extra)
        self.rows_packed += PACKED.pack(time, kind, n, id, chat, subject, seq, content, number)


def read_chains(lines: Iterable[list[Any]], cursor: Callable[[str | None], int], intern: Intern) -> dict[int, Chain]:
    """By their numbers; `lag` lines are of no chain."""
    chains: dict[int, Chain] = {}
    for line in lines:
        if line[0] == "lag":
            continue
        number = line[2]
        chain = chains.get(number)
        if chain is None:
            chain = chains[number] = Chain(number)
        if line[0] == "e":
            _add_event(chain, line, cursor, intern)
        else:
            _add_other(chain, line, cursor)
    return chains


def _add_event(chain: Chain, line: list[Any], cursor: Callable[[str | None], int], intern: Intern) -> None:
    _, time, _, n, id_, type_, chat, subject, seq, content = line
    kind = NUMBERS.get(type_)
    if kind is None:
        kind = NUMBERS[type_] = len(KINDS)
        KINDS.append(type_)
    named = subject if isinstance(subject, str) else None
    chain.add(
        time,
        kind,
        n,
        cursor(id_),
        NONE if chat is None else chat,
        NONE if subject is None or named else subject,
        NONE if seq is None else seq,
        number_of(content, intern),
        named,
    )


def _add_other(chain: Chain, line: list[Any], cursor: Callable[[str | None], int]) -> None:
    what, time = line[0], line[1]
    if what == "list":
        chain.add(time, LIST, NONE, extra=Listed(cursor(line[3]), {int(chat): last for chat, last in line[4].items()}))
        return
    n, rest = line[3], line[4:]
    if what == "open":
        user, session, place, notify, style = rest
        opened = Opened(user, session, cursor(place), notify, style)
        chain.add(time, OPEN, n, opened.cursor, extra=opened)
        chain.opened = chain.opened or opened
    elif what == "head":
        chain.add(time, HEAD, n, seq=NONE if rest[0] is None else rest[0])
    elif what == "id":
        chain.add(time, ID, n, cursor(rest[0]))
    else:
        chain.add(time, NUMBERS[what], n, extra=rest[0])
