"""`python -m bench.summary`: what all kept results say of the targets, as the table of docs/performance.md."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from launcher.paths import PROJECT

RESULTS = PROJECT / "bench" / "results"
HEAD = ("benchmark", "target", "wanted", "got", "")


def summary(folder: Path = RESULTS) -> str:
    """A Markdown table, a row for each target of each result, by benchmark."""
    rows = [HEAD, tuple("---" for _ in HEAD), *_rows(folder)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _rows(folder: Path) -> Iterator[tuple[str, ...]]:
    for path in sorted(folder.glob("*.json")):
        name = path.stem
        for target in json.loads(path.read_text())["targets"]:
            yield f"[{name}](../bench/results/{name}.txt)", target["what"], *_figures(target)


def _figures(target: dict[str, Any]) -> tuple[str, str, str]:
    wanted = f"{'at least' if target['at_least'] else 'at most'} {target['wanted']:g}"
    if target["got"] is None:
        return wanted, "–", f"not measured: {target['why']}"
    return wanted, f"{target['got']:.3g}", "met" if target["met"] else "**missed**"


if __name__ == "__main__":
    print(summary())
