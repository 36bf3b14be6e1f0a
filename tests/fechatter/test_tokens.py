"""The claims that web and notify share; whole tokens are tested at the door."""

from fechatter.tokens import Claims, read_claims


def test_claims_are_read_whole_or_not_at_all() -> None:
    whole = {"sub": "7", "sid": 8, "iat": 1, "exp": 2, "jti": "x", "type": "access"}
    whole |= {"iss": "fechatter", "aud": "fechatter-api"}
    assert read_claims(whole) == Claims(7, 8)
    for name in whole:
        assert read_claims({key: value for key, value in whole.items() if key != name}) is None
