"""One file of JSON lines, written while the run goes on, whole up to its last line whatever happens."""

import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson


class Journal:
    """Safe for threads."""

    def __init__(self, file: Path) -> None:
        self._file = open(file, "ab")  # noqa: SIM115
        self._lock = threading.Lock()

    def write(self, line: Mapping[str, Any]) -> None:
        self.write_all([line])

    def write_all(self, lines: Iterable[Mapping[str, Any]]) -> None:
        with self._lock:
            self._file.writelines(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE) for line in lines)
            self._file.flush()

    def close(self) -> None:
        self._file.close()
