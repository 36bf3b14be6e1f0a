"""The table of who gets what answer, read from `table.txt`, which is the one place where it stands."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("table.txt")
LEGEND = re.compile(r"# (?:\| +)*(\w.*)")
ROW = re.compile(r"([0-9 -]+?) +([A-Z]+ /.*)")
NAME = re.compile(r"\{([a-z][a-z ]*)\}")
"""What a call names; a brace of JSON has a quote behind it."""


class Row(NamedTuple):
    """`call` as it stands in the table; `answers` by column, None where there is nothing to ask."""

    section: str
    call: str
    answers: dict[str, int | None]

    @property
    def method(self) -> str:
        return self.call.partition(" ")[0]

    @property
    def path(self) -> str:
        """With its query."""
        return self.call.partition(" ")[2].partition(' {"')[0]

    @property
    def body(self) -> str:
        return "".join(self.call.partition(' {"')[1:]).strip()

    @property
    def operation(self) -> str:
        return shape(self.method, self.path.partition("?")[0])

    @property
    def names(self) -> list[str]:
        return NAME.findall(self.call)


def shape(method: str, path: str) -> str:
    """The same for a row of the table and for the operation that it calls: `GET /api/chats/{}`."""
    return f"{method.upper()} {re.sub('{[^}]*}', '{}', path)}"


@cache
def columns() -> dict[str, str]:
    """The names of people, each with what is said of them."""
    legend = FILE.read_text().partition("#\n")[2].partition("\n\n")[0]
    lines = [found[1] for found in map(LEGEND.fullmatch, legend.splitlines()) if found]
    return {re.split(": | of the ", line)[0]: line for line in lines}


@cache
def rows() -> list[Row]:
    found, section = list[Row](), ""
    for number, line in enumerate(FILE.read_text().splitlines(), 1):
        if line.startswith("## "):
            section = line.removeprefix("## ")
        elif line and not line.startswith("#"):
            found.append(_row(section, line, number))
    return found


def _row(section: str, line: str, number: int) -> Row:
    parts = ROW.fullmatch(line)
    assert parts, f"{FILE.name}:{number} is no row: {line}"
    cells = [int(cell) if cell != "-" else None for cell in parts[1].split()]
    assert len(cells) == len(columns()), f"{FILE.name}:{number} has {len(cells)} cells for {len(columns())} columns"
    return Row(section, parts[2], dict(zip(columns(), cells, strict=True)))


def answer_to(call: str, who: str) -> int | None:
    """What this person is answered to exactly this call."""
    [answer] = [row.answers[who] for row in rows() if row.call == call]
    return answer
