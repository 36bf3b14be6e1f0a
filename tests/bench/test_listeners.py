"""A stream that loses, doubles or turns messages round is noticed by what measures posting."""

import pytest

from bench.post_ours import check_arrivals
from launcher.errors import LaunchError

WANTED = {"a": (1, 1), "b": (1, 2), "c": (2, 1)}


@pytest.mark.parametrize("came", ["abc", "cab", "acb"])
def test_chats_may_come_in_any_order_beside_each_other(came: str) -> None:
    check_arrivals(list(came), WANTED)


@pytest.mark.parametrize(
    ("came", "told"),
    [
        ("ab", "3 messages, but 2 on a stream"),
        ("abbc", "but 4 on a stream, 3 of them different"),
        ("abb", "but 3 on a stream, 2 of them different"),
        ("abx", "but 3 on a stream, 3 of them different"),
        ("bac", "message 1 of chat 1 came behind 2"),
    ],
)
def test_what_is_lost_doubled_foreign_or_turned_round_is_told(came: str, told: str) -> None:
    with pytest.raises(LaunchError, match=told):
        check_arrivals(list(came), WANTED)
