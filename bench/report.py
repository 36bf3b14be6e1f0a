"""What a benchmark found: tables, targets, charts; as text for the terminal, as JSON and SVG for the folder."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bench.chart import Chart
from bench.rounds import Spread
from tests.faults.report.text import table

Cell = str | float | int | Spread


@dataclass(frozen=True)
class Table:
    """The first column names the row. `note` is a line below."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""

    def text(self) -> str:
        sides = "<" + ">" * (len(self.columns) - 1)
        body = table(self.columns, [[_shown(cell) for cell in row] for row in self.rows], sides)
        return "\n".join(filter(None, (self.title, body, self.note)))


@dataclass(frozen=True)
class Target:
    """`got` and `wanted` are in the same unit; `at_least` says which way is good. Without figures it was not measured,
    and `why` says why."""

    what: str
    wanted: float
    got: float | None
    at_least: bool = True
    why: str = ""

    @property
    def met(self) -> bool:
        return self.got is None or (self.got >= self.wanted if self.at_least else self.got <= self.wanted)

    def cells(self) -> tuple[str, str, str, str]:
        sign = "at least" if self.at_least else "at most"
        if self.got is None:
            return self.what, f"{sign} {self.wanted:g}", "-", f"not measured: {self.why}"
        return self.what, f"{sign} {self.wanted:g}", f"{self.got:.3g}", "met" if self.met else "MISSED"


@dataclass
class Report:
    """`files` are texts by their names, which begin with that of the report. `main` fills in the circumstances and what
    was left out."""

    name: str
    title: str
    tables: Sequence[Table]
    targets: Sequence[Target] = ()
    charts: Sequence[Chart] = ()
    notes: Sequence[str] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    circumstances: Mapping[str, str] = field(default_factory=dict)
    skipped: Sequence[str] = ()

    @property
    def met(self) -> bool:
        return all(target.met for target in self.targets)

    def text(self) -> str:
        parts = [self.title, *(each.text() for each in self.tables)]
        if self.targets:
            parts.append(table(("target", "wanted", "got", ""), [target.cells() for target in self.targets], "<>><"))
        parts += self.notes
        parts += [f"Left out: {line}" for line in self.skipped]
        parts.append("\n".join(f"{key}: {value}" for key, value in self.circumstances.items()))
        return "\n\n".join(parts) + "\n"

    def keep(self, folder: Path) -> None:
        """NAME.txt, NAME.json with all samples, and NAME-1.svg and so on."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{self.name}.txt").write_text(self.text())
        (folder / f"{self.name}.json").write_text(json.dumps(self._plain(), indent=1) + "\n")
        for name, text in self.files.items():
            (folder / name).write_text(text)
        for number, chart in enumerate(self.charts, 1):
            (folder / f"{self.name}-{number}.svg").write_text(chart.svg())

    def _plain(self) -> dict[str, object]:
        return {
            "name": self.name,
            "title": self.title,
            "circumstances": dict(self.circumstances),
            "tables": [
                {
                    "title": t.title,
                    "columns": list(t.columns),
                    "rows": [[_plain(cell) for cell in row] for row in t.rows],
                }
                for t in self.tables
            ],
            "targets": [asdict(target) | {"met": target.met} for target in self.targets],
            "notes": list(self.notes),
            "left_out": list(self.skipped),
        }


def _shown(cell: Cell) -> str:
    return f"{cell:,}" if isinstance(cell, int) else f"{cell:.3g}" if isinstance(cell, float) else str(cell)


def _plain(cell: Cell) -> object:
    return list(cell.values) if isinstance(cell, Spread) else cell
