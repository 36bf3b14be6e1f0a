"""The arithmetic of codes, by the RFC's own examples, and which step a code may be of."""

import pytest

from fechatter.one_time_codes import (
    code_at,
    new_recovery_codes,
    new_secret,
    otpauth_url,
    plain,
    recovery_hash,
    shown_secret,
    step_of,
)

RFC = b"12345678901234567890"


@pytest.mark.parametrize(
    ("seconds", "eight_digits"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_codes_are_those_of_the_rfc(seconds: int, eight_digits: str) -> None:
    assert code_at(RFC, seconds // 30) == eight_digits[2:]
    assert step_of(RFC, eight_digits[2:], seconds, after=0) == seconds // 30


@pytest.mark.parametrize(("off", "found"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_off_by_one_step_either_way(off: int, found: bool) -> None:
    now = 1_800_000_015.0
    present = int(now) // 30
    assert step_of(RFC, code_at(RFC, present + off), now, after=0) == (present + off if found else None)


def test_a_step_is_good_once_and_so_are_those_before_it() -> None:
    now, present = 1_800_000_015.0, 60_000_000
    for off in (-1, 0):
        assert step_of(RFC, code_at(RFC, present + off), now, after=present) is None
    assert step_of(RFC, code_at(RFC, present + 1), now, after=present) == present + 1


def test_secrets_and_recovery_codes_are_random_and_long() -> None:
    assert len({new_secret() for _ in range(50)}) == 50
    assert len(new_secret()) == 20
    made = new_recovery_codes()
    assert len(set(made)) == 10
    assert all(len(plain(code)) == 16 and code.count("-") == 3 for code in made)


def test_how_a_code_is_typed_makes_no_difference() -> None:
    code = new_recovery_codes()[0]
    for typed in (code.upper(), code.replace("-", " "), code.replace("-", ""), f" {code}\n"):
        assert recovery_hash(plain(typed)) == recovery_hash(plain(code))
    assert plain("123 456") == "123456"


def test_an_authenticator_can_read_the_address() -> None:
    url = otpauth_url(RFC, "ann+x@example.org")
    assert url == (
        "otpauth://totp/Fechatter%3Aann%2Bx%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        "&issuer=Fechatter&algorithm=SHA1&digits=6&period=30"
    )
    assert shown_secret(RFC) in url
