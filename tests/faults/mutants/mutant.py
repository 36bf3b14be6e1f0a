"""A mutant: what is changed in a copy of the project, and the faults under which that must show."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from launcher.paths import PROJECT

COPIED = (
    *("app", "bin", "fechatter", "frame", "launcher", "migrations", "notify", "worker"),
    *("alembic.ini", "Procfile", "wsgi.py"),
)


class Outdated(Exception):
    """The product no longer has the line that a mutant changes: change the mutant with it."""


@dataclass(frozen=True)
class Edit:
    """In the file at `path`, `old`, which stands there exactly once, becomes `new`."""

    path: str
    old: str
    new: str

    def applied_to(self, text: str) -> str:
        """Raises Outdated."""
        if text.count(self.old) != 1:
            raise Outdated(f"{self.path} has {text.count(self.old)} times what is to be changed:\n{self.old}")
        return text.replace(self.old, self.new)


@dataclass(frozen=True)
class Mutant:
    """`breaks`: verdicts of which at least one must turn red. `kinds`: the faults to inject, all if empty."""

    name: str
    why: str
    edits: tuple[Edit, ...]
    breaks: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


def copy_of(mutant: Mutant, folder: Path) -> Path:
    """A copy of the project under `folder`, with the mutant's edits; the product itself knows nothing of them."""
    root = folder / "mutant"
    root.mkdir()
    for name in COPIED:
        if (source := PROJECT / name).is_dir():
            shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, root / name)
    for edit in mutant.edits:
        path = root / edit.path
        path.write_text(edit.applied_to(path.read_text()))
    return root
