"""The history of a run, as lines in files: what was asked and answered, and what came on streams."""

from io import FileIO
from pathlib import Path
from time import monotonic
from typing import Any

import orjson


def now() -> float:
    """Seconds on the machine's one clock. Rounding keeps the order of any two times."""
    return round(monotonic(), 6)


class Lines:
    """A file of JSON lines; what is added stays in memory until the next `flush`."""

    def __init__(self, path: Path) -> None:
        self.file = FileIO(path, "a")
        self.waiting: list[bytes] = []

    def add(self, line: Any) -> None:
        self.waiting.append(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))

    def flush(self) -> None:
        """Writes whole lines only; raises OSError when the disk takes no more."""
        data, self.waiting = memoryview(b"".join(self.waiting)), []
        while data:
            data = data[self.file.write(data) or 0 :]


class History:
    """`calls.jsonl` and `streams.jsonl` in a folder of the run."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.calls = Lines(folder / "calls.jsonl")
        self.streams = Lines(folder / "streams.jsonl")

    def call(self, line: dict[str, Any]) -> None:
        self.calls.add(line)

    def stream(self, kind: str, time: float, *rest: Any) -> None:
        self.streams.add((kind, time, *rest))

    def flush(self) -> None:
        self.calls.flush()
        self.streams.flush()
