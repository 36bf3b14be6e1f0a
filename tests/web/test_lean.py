"""What browsers are sent of our modules in production: all of the code, and none of the comments."""

import json
from pathlib import Path

import pytest

from app.lean import lean
from app.web_files import ROOT, WebFiles
from tests.web.node import HERE, packages, run_node


def test_every_module_is_the_same_code_without_its_comments(tmp_path: Path) -> None:
    files = WebFiles(lean=True).by_path.values()
    for file in files:
        if file.path.startswith("js/"):
            path = tmp_path / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.body)
            assert b"/**" not in file.body, file.path
    acorn = str(packages() / "acorn" / "dist" / "acorn.mjs")
    done = run_node(str(HERE / "same_code.mjs"), acorn, str(ROOT / "js"), str(tmp_path / "js"))
    found = json.loads(done.stdout)
    assert found["differing"] == []
    assert found["compared"] > 50


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("/** One. */\nlet a = 1; // two\n", "let a = 1; \n"),
        ("const a = \"// no\"; const b = '/* no */';", "const a = \"// no\"; const b = '/* no */';"),
        ("const a = `/* no */ ${/* yes */ b} // no`;", "const a = `/* no */ ${b} // no`;"),
        ("const a = `${f({ b: `${c}` })}//` // yes", "const a = `${f({ b: `${c}` })}//` "),
        ("const a = /[/*]\\/\\/.*/; // yes", "const a = /[/*]\\/\\/.*/; "),
        ("const a = b / c; /* yes */ const d = e / f;", "const a = b / c; const d = e / f;"),
        ("return /a\\//.test(b);", "return /a\\//.test(b);"),
        ("a = 1; // no\nb = 2;\n", "a = 1; \nb = 2;\n"),
        ("f(/** @type {any} */ (a));", "f((a));"),
    ],
)
def test_what_looks_like_a_comment_and_is_none_stays(written: str, sent: str) -> None:
    assert lean("js/a.js", written) == sent


def test_styles_have_none_either() -> None:
    assert lean("css/a.css", "/* One. */\na { b: c; /* two */ }\n") == "a { b: c; }\n"
