"""Text that can be stored, and keys that compare without regard to case."""

import pytest
from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from fechatter.text import fold, is_blank, is_storable, printable


@pytest.mark.parametrize("text", ["", "a", "\x01", "🙂", "\uffff", "\U0010ffff", "e\u0301"])
def test_storable_text_comes_back_from_postgresql_as_it_was(session: Session, text: str) -> None:
    assert is_storable(text)
    assert session.scalar(select(literal(text))) == text


@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud800", "x\udfff", "\udc00\ud800"])
def test_what_postgresql_would_refuse_is_not_storable(session: Session, text: str) -> None:
    assert not is_storable(text)
    with pytest.raises(Exception, match=r"NUL|surrogates"):
        session.scalar(select(literal(text)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("General", "gENERAL"),
        ("straße", "STRASSE"),
        ("ＡＢ", "ab"),
        (" a ", "a"),
        ("e\u0301", "É"),
        ("ﬁ", "FI"),
        ("\u1fbc\u0342", "\u1fb7"),
        ("㎏", "KG"),
    ],
)
def test_names_that_look_the_same_fold_to_one_key(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_names_that_differ_keep_different_keys() -> None:
    assert len({fold(name) for name in ("a", "b", "ä", "a b", "ab", "a-b")}) == 6


def test_folding_twice_changes_nothing() -> None:
    for code in range(0x110000):
        if not 0xD800 <= code < 0xE000:
            once = fold(f"x{chr(code)}x")
            assert fold(once) == once, hex(code)


@pytest.mark.parametrize("text", ["", " ", "\t\n", "\u3000\u2003"])
def test_white_space_alone_is_blank(text: str) -> None:
    assert is_blank(text)


def test_printable_drops_what_could_play_tricks() -> None:
    assert printable("a\r\nb\x1b[31m\u202ec\0", 100) == "ab[31mc"
    assert printable("x" * 300, 200) == "x" * 200
