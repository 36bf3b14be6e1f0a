"""What a run is told about the system that it works on."""

from dataclasses import dataclass, fields
from pathlib import Path

import orjson

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

    @classmethod
    def read(cls, folder: Path) -> "Layout":
        told = orjson.loads((folder / "layout.json").read_bytes())
        known = {field.name for field in fields(cls)}
        lists = {name: tuple(told[name]) for name in ("web", "notify")}
        return cls(**{name: value for name, value in told.items() if name in known} | lists)


def email_of(number: int) -> str:
    return f"person{number}@faults.example"
