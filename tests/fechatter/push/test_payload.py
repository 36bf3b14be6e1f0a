"""A push is small, whatever somebody writes, and tells its service nothing."""

import orjson
import pytest

from fechatter.push.payload import LARGEST, MOST_TEXT, payload, topic

FACTS = {"chat_id": 2**63 - 1, "sender_name": "🙂" * 80, "chat_name": "\\" * 80}


@pytest.mark.parametrize(
    "text", ["Hello", "x" * MOST_TEXT, "x" * 10_000, "🙂" * 10_000, "\x01" * 10_000, "é\n" * 5_000]
)
def test_it_is_small_and_has_the_beginning_of_the_text(text: str) -> None:
    data = payload(FACTS, text)
    assert len(data) <= LARGEST
    shown = orjson.loads(data)["text"]
    assert text.startswith(shown.removesuffix("…"))
    assert (shown == text) is (len(text) <= MOST_TEXT)
    assert len(shown) > 100 or shown == text


def test_a_topic_fits_and_is_the_same_for_one_chat_of_one_browser_alone() -> None:
    assert topic(b"a" * 16, 1) == topic(b"a" * 16, 1)
    different = {topic(auth, chat) for auth in (b"a" * 16, b"b" * 16) for chat in (1, 2)}
    assert len(different) == 4
    assert {len(one) for one in different} == {32}
