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


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ﬁnn@example.org", "FINN@example.org"),
        ("\u212aim@example.org", "kim@example.org"),
        ("strasse@example.org", "straße@example.org"),
        ("e\u0301va@example.org", "ÉVA@example.org"),
        ("ann@EXAMPLE.org", "ann@example.org"),
        ("ⅳan@example.org", "ivan@example.org"),
    ],
)
def test_no_second_account_has_an_address_that_looks_the_same(one: str, other: str) -> None:
    assert email_key(one) == email_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ann@straße.example", "ann@strasse.example"),
        ("ann@xn--strae-oqa.example", "ann@strasse.example"),
        ("ann@σας.example", "ann@σασ.example"),
        ("ann@example.org", "ann@example.org.evil.example"),
    ],
)
def test_addresses_of_two_domains_are_two_however_much_they_look_alike(one: str, other: str) -> None:
    """Either may be registered by anybody, and mails to one do not get to the other."""
    assert email_key(one) != email_key(other)


@pytest.mark.parametrize("same", ["ANN@STRAße.example", "ann@xn--strae-oqa.example", "ann@XN--strae-OQA.example"])
def test_a_domain_that_folding_would_change_is_still_one(same: str) -> None:
    assert email_key(same) == email_key("ann@straße.example")


@pytest.mark.parametrize(
    "trick",
    ["\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u202e", "\u2066", "\x00", "\r\n", "\u2028", "\x85", "\x1b"],
)
@pytest.mark.parametrize("place", ["a{}nn@example.org", "ann@exam{}ple.org", "{}ann@example.org", "ann@example.org{}"])
def test_what_nobody_sees_makes_no_address_of_its_own(trick: str, place: str) -> None:
    text = place.format(trick)
    assert normal_email(text) is None or email_key(text) == email_key("ann@example.org")
