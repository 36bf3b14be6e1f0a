"""Which tests go to one process of pytest-xdist, and which go first.

Those of a file stay together, for what a module starts is started once. So do those of a folder whose files share
running doors, in a few lots: each process that has a lot starts these doors for itself.
"""

import pytest
from xdist.scheduler import LoadFileScheduling

LOTS = {"tests/journeys": 2, "tests/notify": 2}

FIRST = ("tests/journeys/", "tests/notify/", "tests/faults/", "tests/worker/", "tests/launcher/", "tests/test_")
"""What waits most begins first, and what is quick fills up the end."""


class Lots(LoadFileScheduling):
    """As --dist loadfile, but for the folders above."""

    def __init__(self, config: pytest.Config, log: object) -> None:
        super().__init__(config, log)
        self._lots: dict[str, str] = {}

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        folder = file.rpartition("/")[0]
        if folder not in LOTS:
            return file
        known = sum(one.startswith(f"{folder}/") for one in self._lots)
        return self._lots.setdefault(file, f"{folder} {known % LOTS[folder]}")


def begin_with_what_waits(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: next((n for n, part in enumerate(FIRST) if item.nodeid.startswith(part)), len(FIRST)))
