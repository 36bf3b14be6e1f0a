"""Cursors: short, opaque, and only what we wrote is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fechatter.cursor import LARGEST, LONGEST, Place, read_cursor, write_cursor

numbers = st.integers(0, LARGEST)


@given(st.dictionaries(numbers, st.builds(Place, numbers, numbers), max_size=100))
def test_what_is_written_is_read_back(cursor: dict[int, Place]) -> None:
    assert read_cursor(write_cursor(cursor)) == cursor


@given(st.text(max_size=60) | st.text("0123456789abcz.-", max_size=60).map("1.".__add__))
def test_whatever_is_read_was_written_just_so(text: str) -> None:
    cursor = read_cursor(text)
    assert cursor is None or write_cursor(cursor) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "2.1-1-1",
        "1.",
        "1..1-1-1",
        "1.1-1",
        "1.1-1-1-1",
        "1.1--1",
        "1.-1-1-1",
        "1.01-1-1",
        "1.A-1-1",
        "1.1-1-1 ",
        "1.1-1-1\n",
        "1.\u0661-1-1",
        "1.2-1-1.1-1-1",
        "1.1-1-1.1-1-1",
        "1.1y2p0ij32e8e8-1-1",
        "1." + "9" * 10_000 + "-1-1",
        "." * 100_000,
        "null",
        "\x00",
        "\ud800",
    ],
)
def test_what_we_do_not_write_is_no_cursor(text: str) -> None:
    assert read_cursor(text) is None


def test_no_workspace_is_a_cursor_too() -> None:
    assert read_cursor(write_cursor({})) == {}


def test_the_most_workspaces_that_one_person_can_be_in_fit() -> None:
    assert len(write_cursor({LARGEST - n: Place(LARGEST, LARGEST) for n in range(100)})) <= LONGEST
