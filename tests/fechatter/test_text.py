"""Text that can be stored, and keys that compare without regard to case."""

import pytest
from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from fechatter.text import fold, is_blank, is_storable, is_visible, name_key, plays_tricks, printable


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
        ("\u212aelvin", "kelvin"),
        ("ﬀ\u212b", "ffå"),
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


@pytest.mark.parametrize("text", ["\u200b", " \u200d\ufeff ", "\u3164", "\u2060\u00ad", "\U000e0041\ufe0f", "", " "])
def test_what_nobody_can_see_is_not_visible(text: str) -> None:
    assert not is_visible(text)


@pytest.mark.parametrize("text", ["a", "\u200ba", "👩\u200d👧", "❤\ufe0f", "न\u094dत", "一", "."])
def test_what_somebody_can_see_is_visible(text: str) -> None:
    assert is_visible(text)


@pytest.mark.parametrize(
    "text", ["a\nb", "\x1b[2J", "a\0", "\x7f", "\x85", "a\u2028b", "\u202egpj.exe", "\u2066a\u2069"]
)
def test_what_breaks_out_of_a_line_plays_tricks(text: str) -> None:
    assert plays_tricks(text)


@pytest.mark.parametrize("text", ["a b", "👩\u200d👧", "שלום", "a\u200fb", "e\u0301", "\u3000", ""])
def test_what_people_write_plays_none(text: str) -> None:
    assert not plays_tricks(text)


@pytest.mark.parametrize(
    "same", ["gene\u200bral", "General\u2060", "\ufeffgen\u00aderal", "ｇｅｎｅｒａｌ", " general ", "general\u200d"]
)
def test_names_that_differ_in_what_nobody_sees_have_one_key(same: str) -> None:
    assert name_key(same) == name_key("general")


def test_names_that_differ_for_the_eye_have_keys_of_their_own() -> None:
    names = ("a b", "ab", "a\u00adb c", "👩👦", "👩👧", "न\u094dत", "नत")
    assert len({name_key(name) for name in names}) == len(names)


def test_printable_drops_what_could_play_tricks() -> None:
    assert printable("a\r\nb\x1b[31m\u202ec\0", 100) == "ab[31mc"
    assert printable("x" * 300, 200) == "x" * 200
