"""Pages and their cursors."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from app.pagination import page, read_key, write_key
from fechatter.errors import Invalid
from tests.app.people import Person
from tests.app.signing import assert_problem

ROWS = [("ann", 1), ("ben", 2), ("ben", 3), ("čeněk\"'", 4), ("🙂", 5)]


def page_after(cursor: str | None, limit: int) -> Any:
    after = read_key(cursor, str, int)
    rows = [row for row in ROWS if after is None or row > after]
    return page(rows[: limit + 1], limit, key=lambda row: row, shape=lambda row: {"id": row[1]})


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6])
def test_pages_hold_every_row_once_and_in_order(limit: int) -> None:
    seen, cursor = [], None
    while True:
        got = page_after(cursor, limit)
        assert len(got["items"]) <= limit
        seen += [item["id"] for item in got["items"]]
        cursor = got["next_cursor"]
        if cursor is None:
            break
    assert seen == [1, 2, 3, 4, 5]


def test_a_last_page_that_is_full_has_no_next() -> None:
    assert page_after(None, len(ROWS))["next_cursor"] is None


def test_no_cursor_is_no_key() -> None:
    assert read_key(None, int) is None


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "====",
        "\u00e9",
        "W10",
        write_key([1]),
        write_key([1, "ann"]),
        write_key(["ann", 1, 2]),
        write_key(["ann", -1]),
        write_key(["a\0", 1]),
        "WyJhIix0cnVlXQ",  # ["a",true]
        "WyJhIiwxLjVd",  # ["a",1.5]
        "eyJhIjoxfQ",  # {"a":1}
        "WyJhIiw5MjIzMzcyMDM2ODU0Nzc1ODA4XQ",  # ["a",9223372036854775808]
    ],
)
def test_what_is_no_cursor_of_this_list_is_invalid(cursor: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_key(cursor, str, int)
    assert list(refusal.value.errors) == ["cursor"]


@pytest.mark.parametrize("limit", ["0", "101", "-1", "x", "1.0", "", "9" * 40, "١"])
def test_a_limit_is_a_number_from_1_to_100(client: FlaskClient, ann: Person, limit: str) -> None:
    answer = ann.get(f"/api/chats/1/messages?limit={limit}")
    assert_problem(answer, 422, "invalid")
    assert list(answer.json["errors"]) == ["limit"]
