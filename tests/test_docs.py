"""What the documents name exists, and what exists is documented; what they show is run in `tests/journeys`."""

import ast
import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from fechatter import errors, events
from fechatter.limits import LIMITS
from frame.problems import CODES
from launcher.paths import PROJECT

DOCUMENTS = sorted([*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")])
NAMED = [str(path.relative_to(PROJECT)) for path in DOCUMENTS]

LINK = re.compile(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
OURS = re.compile(r"(?:app|bin|client|deploy|docs|fechatter|frame|launcher|migrations|notify|tests|worker)/[\w./*@-]*")
COMMAND = re.compile(r"((?:tests/[\w/.]+ ?)+)(?:-k (\"[^\"]+\"|\w+))?")
VARIABLE = re.compile(r"[A-Z][A-Z0-9]*_[A-Z0-9_]+|PORT|HOST|SERVERS")
SETTINGS = "docs/operations.md"
SETTINGS_FILES = ("fechatter/config.py", "fechatter/mail/settings.py", "fechatter/push/settings.py")


def text(name: str) -> str:
    return (PROJECT / name).read_text()


def fenced(name: str, language: str) -> list[str]:
    return [body for kind, body in FENCE.findall(text(name)) if kind == language]


def sources() -> Iterator[Path]:
    for part in ("app", "fechatter", "frame", "notify", "worker", "client", "launcher"):
        yield from sorted((PROJECT / part).rglob("*.py"))


def anchors(path: Path) -> set[str]:
    """As hosts make them of headings."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", NAMED)
def test_every_link_leads_somewhere(name: str) -> None:
    for either in LINK.findall(FENCE.sub("", text(name))):
        target, _, anchor = "".join(either).partition("#")
        if re.match(r"https?:", target):
            continue
        path = (PROJECT / name).parent / target if target else PROJECT / name
        assert path.exists(), target
        assert not anchor or anchor in anchors(path), f"{target}#{anchor}"


@pytest.mark.parametrize("name", NAMED)
def test_every_file_that_is_named_exists(name: str) -> None:
    for code in CODE.findall(text(name)):
        for path in OURS.findall(code):
            if "…" not in code and "/api/" not in code:
                assert list(PROJECT.glob(path.rstrip("./"))), f"`{code}`"


@pytest.mark.parametrize("name", NAMED)
def test_every_choice_of_tests_finds_some(name: str) -> None:
    for paths, chosen in COMMAND.findall(text(name)):
        names = {test for path in paths.split() for test in _tests_in(PROJECT / path)}
        assert names, paths
        for word in chosen.strip('"').split(" or ") if chosen else ():
            assert any(word in test for test in names), f"{paths} -k {word}"


def _tests_in(path: Path) -> Iterator[str]:
    for file in [path] if path.is_file() else path.rglob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield f"{file.name} {node.name}"


def test_the_readme_is_short() -> None:
    assert len(text("README.md").splitlines()) < 120


def event_types() -> set[str]:
    """What can stand in the feed, and what passes."""
    kinds = [kind for kind in vars(events).values() if isinstance(kind, type) and issubclass(kind, events.Event)]
    in_sql = re.findall(r"'type', '([\w.]+)'", text("fechatter/actions/post_message.sql"))
    passing = re.findall(r"passing\(\s*\w+, \"(\w+)\"", "".join(path.read_text() for path in sources()))
    return {kind.type for kind in kinds if "type" in vars(kind)} | set(in_sql) | set(passing)


def test_every_event_is_shown_in_the_guide_and_no_other() -> None:
    types = event_types()
    assert {"message.created", "message.updated", "typing", "presence"} <= types, "the search is broken"
    shown = [json.loads(line)["type"] for block in fenced("docs/events.md", "json") for line in block.splitlines()]
    assert sorted(shown) == sorted(types)


def error_codes() -> set[str]:
    """Those of HTTP's own errors, of the classes of `fechatter/errors.py`, and all that these are raised with."""
    kinds = {name: kind for name, kind in vars(errors).items() if isinstance(kind, type)}
    codes = {*CODES.values(), *(kind.code for kind in kinds.values() if issubclass(kind, errors.ChatError))}
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and _called(node) in kinds:
                given = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg == "code")]
                words = [arg.value for arg in given if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
                codes.update(word for word in words if re.fullmatch(r"[a-z_]+", word))
    return codes


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def test_every_error_code_is_in_the_guide_and_no_other() -> None:
    codes = error_codes()
    assert {"email_taken", "last_owner", "bad_token", "too_many_streams", "not_found"} <= codes, "the search is broken"
    section = text("docs/api.md").partition("## Errors")[2].partition("\n## ")[0]
    shown = [code for row in re.findall(r"^\| \d{3} \| (.*?) \|", section, re.MULTILINE) for code in CODE.findall(row)]
    assert sorted(shown) == sorted(codes)


def test_every_limit_is_in_the_guide_and_in_force() -> None:
    section = text("docs/api.md").partition("\n## Limits")[2]
    shown = re.findall(r"^\| ([\w -]+) \| [\w -]+ \| `([^`]+)` \|$", section, re.MULTILINE)
    assert dict(shown) == LIMITS
    spent = re.findall(r"(?:limited|spend|hit)\(\s*\"([\w -]+)\"", "".join(path.read_text() for path in sources()))
    assert set(spent) == set(LIMITS)


def variables_read() -> set[str]:
    """By the five processes of the Procfile."""
    trees = [ast.parse(text(name)) for name in SETTINGS_FILES]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    calls = [node for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    named = [call.args[0].value for call in calls if call.args and isinstance(call.args[0], ast.Constant)]
    return {name for name in named if isinstance(name, str) and VARIABLE.fullmatch(name)}


def test_every_variable_is_documented() -> None:
    variables = variables_read()
    assert {"DATABASE_URL", "PORT", "TRUSTED_PROXIES"} <= variables, "the search is broken"
    named = {word for code in CODE.findall(text(SETTINGS)) for word in VARIABLE.findall(code)}
    assert variables - named == set()


def test_every_variable_of_our_commands_is_in_the_readme() -> None:
    code = "".join(path.read_text() for path in sources() if path.parts[-2] in ("launcher", "client"))
    read = set(re.findall(r"environ(?:\.get\(|\[)\"(\w+)\"|port_from_environment\(\"(\w+)\"", code))
    assert ("", "NOTIFY_PORT") in read, "the search is broken"
    named = {word for shown in CODE.findall(text("README.md")) for word in VARIABLE.findall(shown)}
    assert {"".join(either) for either in read} - named == {"NO_COLOR", "XDG_STATE_HOME"}  # standards, not ours


@pytest.mark.parametrize("name", NAMED)
def test_every_variable_that_is_named_is_read_somewhere(name: str) -> None:
    code = "".join(path.read_text() for path in [*sources(), *(PROJECT / "bin").iterdir()])
    for shown in CODE.findall(text(name)):
        for variable in VARIABLE.findall(shown.partition("=")[0]):
            assert re.search(rf"\b{variable}\b", code), variable


def test_a_shell_reads_the_example_of_an_environment_also_with_all_its_lines(tmp_path: Path) -> None:
    """And gets what stands there, which is also what the processes take it for."""
    lines = text(".env.example").splitlines()
    given = [line.removeprefix("#") for line in lines if re.match(r"#?[A-Z_]+=", line)]
    assert {"SMTP_URL", "MAIL_FROM", "DATABASE_URL"} <= {line.partition("=")[0] for line in given}, (
        "the search is broken"
    )
    file = tmp_path / "env"
    file.write_text("\n".join(given))
    script = f'set -aeu; . "{file}"; exec env -0'
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, env={"PATH": os.environ["PATH"]})
    assert (done.returncode, done.stderr) == (0, "")
    read = dict(line.split("=", 1) for line in done.stdout.split("\0") if line)
    for line in given:
        name, _, value = line.partition("=")
        assert read[name] == value.strip('"')
    assert set(read) - {"PATH", "PWD", "_", "SHLVL", "OLDPWD"} <= variables_read()


def test_every_decision_has_a_number_of_its_own_and_says_what_was_rejected() -> None:
    records = sorted((PROJECT / "docs" / "decisions").glob("*.md"))
    assert [path.name[:4] for path in records] == [f"{number:04}" for number in range(1, len(records) + 1)]
    for path in records:
        headings = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
        assert headings[0].startswith(f"{int(path.name[:4])}. "), path.name
        assert headings[1:] == ["Context", "Decision", "Consequences", "Rejected"], path.name
