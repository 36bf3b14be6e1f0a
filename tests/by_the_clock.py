"""For tests that hold the product to a time: a machine that stands still for seconds breaks no promise of ours.

What is TooLate, or fails in a test that is marked `by_the_clock`, is tried again by pytest-rerunfailures, twice at
most, and the closing lines of a run name it. What is wrong with the product is wrong three times.
"""

from time import monotonic

import pytest

AGAIN = 2

MARK = "by_the_clock"


class TooLate(AssertionError):
    """It came, and later than is promised."""


def in_time(began: float, seconds: float) -> None:
    """Raises TooLate unless fewer seconds have gone by since then, by the monotonic clock."""
    took = monotonic() - began
    if took >= seconds:
        raise TooLate(f"it took {took:.2f} s, and {seconds} s are what it may take")


def let_be_tried_again(items: list[pytest.Item]) -> None:
    for item in items:
        only = {} if item.get_closest_marker(MARK) else {"only_rerun": [TooLate.__name__]}
        item.add_marker(pytest.mark.flaky(reruns=AGAIN, **only))
