"""What everybody tries first is no password."""

import gzip

import pytest

from fechatter.text import fold
from fechatter.weak_passwords import LIST, SHORTEST, is_of_address, why_weak


def listed() -> list[str]:
    return gzip.decompress(LIST.read_bytes()).decode().split("\n")


def test_the_list_is_long_and_in_the_form_that_is_looked_up() -> None:
    first, *words, last = listed()
    assert first == last == ""
    assert len(words) >= 10_000
    assert all(word and fold(word) == word and len(word) >= SHORTEST for word in words)
    assert words == sorted(set(words))


@pytest.mark.parametrize(
    "password", ["password", "PassWord", "12345678", "ｐａｓｓｗｏｒｄ", "iloveyou ", "QWERTYUIOP", "football1"]
)
def test_common_ones_are_refused_whatever_their_case_and_width(password: str) -> None:
    assert why_weak(password) == "Too common: it is one of those that are tried first."


@pytest.mark.parametrize(
    "password", ["        ", "correct horse", "passwor", "assword", "пароль-длинный", "😀" * 8, "\n\n\n\n\n\n\n\n"]
)
def test_others_are_not(password: str) -> None:
    assert why_weak(password) is None


@pytest.mark.parametrize(
    ("password", "email", "weak"),
    [
        ("john.smith@example.org", "john.smith@example.org", True),
        ("John.Smith1", "john.smith@example.org", True),
        ("john.smith1234567", "john.smith@example.org", True),
        ("john.smith and 8 more", "john.smith@example.org", False),
        ("2@example.org 2 others", "ab@example.org", False),
        ("banana banana", "an@example.org", False),
        ("correct horse", "ann@example.org", False),
    ],
)
def test_an_address_is_nothing_of_a_password(password: str, email: str, weak: bool) -> None:
    assert is_of_address(password, email) == weak
