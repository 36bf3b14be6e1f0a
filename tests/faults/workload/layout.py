"""What a run is told about the system that it works on."""

from dataclasses import dataclass, fields
from pathlib import Path
from random import Random

import orjson

from tests.faults.workload.paces import SHARES

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Layout:
    """`web` and `notify` are addresses of processes, each behind its proxy. `rate` is in sends a second."""

    seed: int
    web: tuple[str, ...]
    notify: tuple[str, ...]
    people: int = 50
    chats: int = 20
    rate: float = 80
    streams: int = 100

    def rng(self, purpose: str) -> Random:
        """One for each purpose, so that what one part draws does not depend on how far another has come."""
        return Random(f"{self.seed} {purpose}")

    def readers(self) -> list[tuple[int, str]]:
        """Of each stream the number of its person, who take turns, and the style of its reading (`paces.py`)."""
        rolls = [style for style, share in SHARES.items() for _ in range(share)]
        styles = [rolls[number * len(rolls) // self.streams] for number in range(self.streams)]
        self.rng("styles").shuffle(styles)
        return [(number % self.people, style) for number, style in enumerate(styles)]

    def laggards(self) -> tuple[str, ...]:
        """The addresses of those who read slowly at times, or not at all."""
        return tuple({email_of(person) for person, style in self.readers() if style in ("slow", "stopper")})

    @classmethod
    def read(cls, folder: Path) -> "Layout":
        told = orjson.loads((folder / "layout.json").read_bytes())
        known = {field.name for field in fields(cls)}
        lists = {name: tuple(told[name]) for name in ("web", "notify")}
        return cls(**{name: value for name, value in told.items() if name in known} | lists)


def email_of(number: int) -> str:
    return f"person{number}@faults.example"
