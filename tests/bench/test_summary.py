"""docs/performance.md says what the kept results say."""

import json
from pathlib import Path

from bench.summary import RESULTS, summary
from launcher.paths import PROJECT


def test_the_document_has_the_table_of_the_kept_results() -> None:
    assert list(RESULTS.glob("*.json"))
    assert summary() in (PROJECT / "docs" / "performance.md").read_text()


def test_each_target_is_told_with_what_became_of_it(tmp_path: Path) -> None:
    targets = [
        {"what": "posts", "wanted": 5, "got": 6.125, "at_least": True, "why": "", "met": True},
        {"what": "memory", "wanted": 400, "got": 517, "at_least": False, "why": "", "met": False},
        {"what": "Synapse", "wanted": 30, "got": None, "at_least": True, "why": "it was left out", "met": True},
    ]
    (tmp_path / "post.json").write_text(json.dumps({"targets": targets}))
    assert summary(tmp_path).splitlines()[2:] == [
        "| [post](../bench/results/post.txt) | posts | at least 5 | 6.12 | met |",
        "| [post](../bench/results/post.txt) | memory | at most 400 | 517 | **missed** |",
        "| [post](../bench/results/post.txt) | Synapse | at least 30 | – | not measured: it was left out |",
    ]
