"""docs/permissions.md, made from the table: `python -m tests.app.matrix.page` writes it."""

from collections.abc import Iterator
from itertools import groupby

from launcher.paths import PROJECT
from tests.app.matrix.table import Row, columns, rows

PAGE = PROJECT / "docs" / "permissions.md"

HEAD = """# Who may do what

Every call of the API by every kind of person, with the answer that it gets. `python -m tests.app.matrix.page`
makes this page from the `table.txt` beside that module; all of it is tried over HTTP by
`bin/test tests/app/test_permissions.py`. A call that the API has and the table lacks fails that test.

- **2xx**: it is done. **307**: to notify, with a ticket.
- **401**: there is nobody whom the token speaks for.
- **403**: it may be seen, but not done.
- **404**: one may not know of it. In every byte of body and headers, and by the same statements to the database,
  that is the answer for what is not there (`bin/test tests/app/test_hidden.py`; `bin/bench hidden` shows the times).
- **409**: not as things stand: the address is taken, or there is no second factor to turn off.
- **422**: what the body names may not stand there: an id of another workspace or chat, or a field that nobody may set.
- **-**: there is no such person. A single has two people: the one called member, and the author of its messages.

In braces is what a call names. The `author` of messages is a member of each chat, the `other owner` an owner of each;
the `newcomer` and all that begin with `a` or `an` are in the workspace alone, but for `a suspended admin`, who is
suspended from it; everybody has blocked `a nuisance`. Whatever else is called `other`, and the `stranger`, is of
another workspace. Each person has signed in. What a personal access token reaches of all this its scopes say
(`bin/test tests/app/test_scopes.py`).

| who | is |
| --- | --- |
"""


def page() -> str:
    legend = "".join(f"| {name} | {_said(name, line)} |\n" for name, line in columns().items())
    return HEAD + legend + "".join(_sections())


def _said(name: str, line: str) -> str:
    if line.startswith(f"{name}: "):
        return line.removeprefix(f"{name}: ")
    return f"{'an' if line[0] in 'aeiou' else 'a'} {line}"


def _sections() -> Iterator[str]:
    for section, found in groupby(rows(), key=lambda row: row.section):
        yield f"\n## {section}\n\n| call | {' | '.join(columns())} |\n| --- |{' --- |' * len(columns())}\n"
        yield from map(_line, found)


def _line(row: Row) -> str:
    cells = " | ".join("-" if answer is None else str(answer) for answer in row.answers.values())
    return f"| `{row.call}` | {cells} |\n"


if __name__ == "__main__":
    PAGE.write_text(page())
