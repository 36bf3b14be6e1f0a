"""E-mail addresses."""

from time import thread_time

import pytest

from fechatter.emails import email_key, normal_email


@pytest.mark.parametrize("text", ["a@b.org", "A.b+c@Example.org", "ünï@exämple.org", "a@corp.local", "a@x.test"])
def test_addresses_of_people_are_accepted(text: str) -> None:
    assert normal_email(text)


@pytest.mark.parametrize(
    "text", ["", "a", "@b.org", "a@", "a@b", "a b@c.org", "a@b..org", "a@b.org, c@d.org", "a@[::1]"]
)
def test_what_is_no_address_is_none(text: str) -> None:
    assert normal_email(text) is None


@pytest.mark.parametrize("text", ["a" + "\u0316\u0301" * 20_000 + "@b.com", "a@" + "b." * 200_000 + "com"])
def test_what_is_too_long_for_an_address_costs_nothing(text: str) -> None:
    started = thread_time()
    assert normal_email(text) is None
    assert thread_time() - started < 0.05


@pytest.mark.parametrize("same", ["ANN@exämple.org", "ann@xn--exmple-cua.org", "ａｎｎ@EXÄMPLE.org"])
def test_all_ways_to_write_an_address_have_one_key(same: str) -> None:
    assert email_key(same) == email_key("ann@exämple.org")
