"""The arrows between the parts, and the rules of form that no linter knows; all by reading the source."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.paths import PROJECT

DOORS = ("app", "notify", "worker", "client")
PARTS = ("fechatter", "frame", *DOORS, "launcher")
LONGEST = 250
PINNED = re.compile(r"requirements.*\.txt")

MAY_IMPORT = {
    "fechatter": {"fechatter"},
    "frame": {"frame", "fechatter"},
    "app": {"app", "frame", "fechatter"},
    "notify": {"notify", "frame", "fechatter"},
    "worker": {"worker", "fechatter"},
    "client": {"client"},
    "launcher": {"launcher"},
}
"""Which of our own parts each part may know."""

NOT_FOR_THE_PRODUCT = {
    "flask",
    "flask_smorest",
    "flask_jwt_extended",
    "werkzeug",
    "celery",
    "kombu",
    "gevent",
    "gunicorn",
}
NOT_FOR_THE_FRAME = {"celery", "kombu"}

INNER_LAYERS = {
    "permissions": set[str](),
    "events": {"models", "shapes"},
    "models": {"models"},
    "queries": {"access", "cursor", "db", "models", "permissions", "queries", "shapes", "errors", "text"},
}
"""Within the product: what these may know of it. Rules are pure, reading writes nothing."""

RECORDING = {"record", "record_all", "record_user_change"}


def modules(part: str) -> list[Path]:
    return sorted((PROJECT / part).rglob("*.py"))


def written() -> Iterator[Path]:
    """Every text that people have written for the project."""
    for folder in (*PARTS, "bench", "tests", "migrations", "bin", "docs", ".ci", "deploy"):
        for path in sorted((PROJECT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts and "vendor" not in path.parts:
                yield path
    yield from (path for path in sorted(PROJECT.iterdir()) if path.is_file() and path.suffix in (".md", ".py", ".toml"))
    yield from (PROJECT / name for name in ("Procfile", "alembic.ini", "app.json", ".env.example"))


def texts() -> Iterator[tuple[Path, str]]:
    for path in written():
        if path.exists() and not PINNED.fullmatch(path.name):
            try:
                yield path.relative_to(PROJECT), path.read_text()
            except UnicodeDecodeError:
                continue  # a picture


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """The dotted name of each thing imported, wherever it stands, and the line."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} imports by a relative name"
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def top(name: str) -> str:
    return name.partition(".")[0]


def imported_by(part: str) -> Iterator[tuple[str, str]]:
    """Where, and the top of what is imported there."""
    for path in modules(part):
        for name, line in imports(path):
            yield f"{path.relative_to(PROJECT)}:{line}", name


@pytest.mark.parametrize("part", PARTS)
def test_a_part_knows_only_the_parts_below_it(part: str) -> None:
    ours = {*PARTS, "bench", "tests", "migrations", "wsgi"} - MAY_IMPORT[part]
    assert [at for at in imported_by(part) if top(at[1]) in ours] == []


def test_the_product_knows_no_framework_of_any_door() -> None:
    assert [at for at in imported_by("fechatter") if top(at[1]) in NOT_FOR_THE_PRODUCT] == []


def test_the_frame_knows_only_what_both_http_doors_stand_on() -> None:
    assert [at for at in imported_by("frame") if top(at[1]) in NOT_FOR_THE_FRAME] == []


@pytest.mark.parametrize("layer", INNER_LAYERS)
def test_an_inner_layer_of_the_product_knows_only_its_own(layer: str) -> None:
    folder = PROJECT / "fechatter" / layer
    files = sorted(folder.rglob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]
    inner = [
        (path.name, name.split(".")[1]) for path in files for name, _ in imports(path) if name.startswith("fechatter.")
    ]
    assert [at for at in inner if at[1] not in INNER_LAYERS[layer]] == []


def test_only_actions_record_events() -> None:
    """Elsewhere an event could be recorded without the locks that its order rests on."""
    for part in PARTS:
        for path in modules(part):
            where = path.relative_to(PROJECT)
            if where.parts[:2] == ("fechatter", "actions") or where == Path("fechatter/outbox.py"):
                continue
            names = {name for name, _ in imports(path)}
            assert names.isdisjoint(f"fechatter.outbox.{function}" for function in RECORDING), where
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "outbox":
                    assert node.attr not in RECORDING, f"{where}:{node.lineno}"


def test_doors_load_what_has_members_through_the_person_who_asks() -> None:
    """Tables of people and sign-ins aside, a door has no table to forget the check on."""
    allowed = {"fechatter.models.User", "fechatter.models.Session"}
    shown = [
        (where, name) for part in DOORS for where, name in imported_by(part) if name.startswith("fechatter.models")
    ]
    tables = [at for at in shown if at[1] not in allowed and not _is_for_types_alone(at[0])]
    assert tables == []


def _is_for_types_alone(where: str) -> bool:
    """A door may name a table as the type of what an action gave it, but not where it can query."""
    path, _, _ = where.partition(":")
    names = {name for name, _ in imports(PROJECT / path)}
    text = (PROJECT / path).read_text()
    return "sqlalchemy.select" not in names and "session.get" not in text and "session.scalar" not in text


def test_gevent_patches_before_anything_of_notify_is_imported() -> None:
    assert (PROJECT / "notify" / "__init__.py").read_text() == ""
    ours = [name for name, _ in imports(PROJECT / "notify" / "gunicorn_settings.py")]
    assert {name.rpartition(".")[0] for name in ours if top(name) in PARTS} == {"frame.serving"}


@pytest.mark.parametrize("door", ["notify.application", "worker.tasks.relay", "worker.tasks.pushes"])
def test_doors_that_load_no_objects_carry_no_orm(door: str) -> None:
    """It takes a tenth of the memory of such a process, and a test sees sooner than anybody what has brought it in."""
    told = os.environ | {"FECHATTER_ENV": "development"}
    script = f"import sys, {door}; sys.exit(sorted(name for name in sys.modules if name == 'sqlalchemy.orm') or 0)"
    found = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, env=told, capture_output=True, text=True)
    assert (found.returncode, found.stderr) == (0, "")


def test_what_runs_before_the_virtual_environment_is_made_needs_only_python() -> None:
    """`environment.enter` makes it: everything that its import brings along must be there on a bare machine."""
    todo, seen = ["launcher", "launcher.environment", "launcher.errors"], set[str]()
    while todo:
        module = todo.pop()
        if module in seen:
            continue
        seen.add(module)
        path = PROJECT / Path(*module.split("."))
        for name, line in imports(path / "__init__.py" if path.is_dir() else path.with_suffix(".py")):
            assert top(name) in {"launcher", *sys.stdlib_module_names}, f"{module}:{line} imports {name}"
            if top(name) == "launcher":
                whole = PROJECT / Path(*name.split("."))
                todo.append(name if whole.is_dir() or whole.with_suffix(".py").exists() else name.rpartition(".")[0])
    assert {"launcher.paths", "launcher.process"} <= seen, "the walk has missed what environment.py imports"


def test_every_module_says_first_what_it_is_for() -> None:
    silent = []
    for part in (*PARTS, "bench", "tests", "migrations"):
        for path in modules(part):
            tree = ast.parse(path.read_text())
            if tree.body and not ast.get_docstring(tree):
                silent.append(str(path.relative_to(PROJECT)))
    assert silent == []


def test_no_file_is_longer_than_250_lines() -> None:
    long = {str(path): text.count("\n") for path, text in texts() if path.suffix in (".py", ".sql", ".js", "")}
    assert {path: lines for path, lines in long.items() if lines > LONGEST} == {}


def test_nothing_is_left_undone() -> None:
    marks = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
    assert [(str(path), found[0]) for path, text in texts() if (found := marks.search(text))] == []


def test_no_test_is_switched_off() -> None:
    """Skipping is for a machine that lacks something, and says what."""
    off = re.compile(r"mark\.(xfail|skip\b)|pytest\.xfail")
    tests = [(path, text) for path, text in texts() if path.parts[0] == "tests" and path.name != Path(__file__).name]
    assert tests
    assert [str(path) for path, text in tests if off.search(text)] == []


def test_nothing_leans_on_the_machine_that_it_was_written_on() -> None:
    """Packages come from whatever index pip is set to, and nothing refers to what lies outside the repository."""
    foreign = re.compile(
        r"\.\./"
        r"shared|/work"
        r"/|/opt"
        r"/(wheels|pypi)|pypi\."
        r"org|python"
        r"hosted|--(extra-)?index"
        r"-url|--find"
        r"-links"
    )
    assert [(str(path), found[0]) for path, text in texts() if (found := foreign.search(text))] == []
    pins = [path for path in PROJECT.iterdir() if PINNED.fullmatch(path.name)]
    assert pins
    assert [path.name for path in pins if foreign.search(path.read_text())] == []
