"""Our modules and styles without what is written for people: a third of what a browser would load are comments."""

import re

PIECE = re.compile(
    r"""
    (?P<comment>/\*.*?\*/ | //[^\n]*)
    | (?P<text>"(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*')
    | (?P<mark>[`{}])
    | (?P<slash>/)
    | (?P<word>[\w$]+)
    | (?P<space>\s+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
TEMPLATE = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*", re.DOTALL)
PATTERN = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/")
"""A regular expression, where a value may stand; anywhere else a slash divides."""

BEFORE_VALUES = re.compile(r"(?:^|[(,=:\[!&|?{};+\-*%~^<>]|\b(?:return|typeof|case|in|of|await|yield|void))$")
ALONE = re.compile(r"^[ \t]*\0+[ \t]*\n", re.MULTILINE)
"""A line of nothing but what has been taken out."""


def lean(path: str, text: str) -> str:
    if path.endswith(".css"):
        return _without_marks(re.sub(r"/\*.*?\*/", "\0", text, flags=re.DOTALL))
    return _without_marks("".join(_module(text)))


def _without_marks(text: str) -> str:
    return re.sub(r"\n\n+", "\n", re.sub(r"\0 ?", "", ALONE.sub("", text)))


def _module(text: str) -> list[str]:
    """The pieces of a module, with NUL for each comment. `depths` are the braces open in each template's `${}`."""
    found, depths, at, last = list[str](), list[int](), 0, ""
    while at < len(text):
        piece = PIECE.match(text, at)
        assert piece
        kind, words = piece.lastgroup, piece[0]
        if kind == "slash" and BEFORE_VALUES.search(last) and (pattern := PATTERN.match(text, at)):
            words = pattern[0]
        elif kind == "comment":
            found.append("\0")
            at = piece.end()
            continue
        elif words == "`" or (words == "}" and depths and depths[-1] == 0):
            if words == "}":
                depths.pop()
            words, is_open = _template(text, at)
            if is_open:
                depths.append(0)
        elif words in "{}" and depths:
            depths[-1] += 1 if words == "{" else -1
        found.append(words)
        at += len(words)
        # Inside of a `${` a value may stand, behind a whole template none.
        last = ("{" if words.endswith("${") else words) if not words.isspace() else last
    return found


def _template(text: str, at: int) -> tuple[str, bool]:
    """From a backquote, or from the brace that ends a `${}` in one, to the next such end; whether that is a `${`."""
    end = at + 1
    body = TEMPLATE.match(text, end)
    assert body
    end = body.end()
    is_open = text.startswith("${", end)
    return text[at : end + (2 if is_open else 1)], is_open
