"""The mutants still fit the product that they mutate."""

import ast
from pathlib import Path

import pytest

from launcher.paths import PROJECT
from tests.faults.mutants import MUTANTS, Edit, copy_of
from tests.faults.mutants.mutant import Outdated


@pytest.mark.parametrize("name", MUTANTS)
def test_each_mutant_is_a_copy_of_the_project_with_its_edits_and_no_others(name: str, tmp_path: Path) -> None:
    mutant = MUTANTS[name]
    root = copy_of(mutant, tmp_path)
    changed = {
        str(path.relative_to(root))
        for path in root.rglob("*")
        if path.is_file() and path.read_bytes() != (PROJECT / path.relative_to(root)).read_bytes()
    }
    assert changed == {edit.path for edit in mutant.edits}
    for path in changed:
        if path.endswith(".py"):
            ast.parse((root / path).read_text())


def test_an_edit_whose_line_is_gone_says_so() -> None:
    with pytest.raises(Outdated, match="0 times"):
        Edit("notify/hub.py", "gone", "new").applied_to("something else")
