"""Access tokens: only what we have signed whole, for us, and for a session that lives."""

import base64
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from flask.testing import FlaskClient

from fechatter.config import Config
from fechatter.tokens import CLOCK_SKEW, Claims
from frame.verified import VerifiedTokens
from tests.app.signing import Account, assert_problem, sign_up


@pytest.fixture
def ann(client: FlaskClient) -> Account:
    return sign_up(client)


def claims_of(account: Account) -> dict[str, Any]:
    return jwt.decode(account.access_token, options={"verify_signature": False})


def me(account: Account, token: str) -> Any:
    return account.get("/api/users/me", token=token)


def test_a_token_says_whose_it_is_and_for_how_long(ann: Account) -> None:
    assert jwt.get_unverified_header(ann.access_token)["alg"] == "EdDSA"
    claims = claims_of(ann)
    assert claims["sub"] == str(ann.id)
    assert claims["exp"] - claims["iat"] == 900
    assert (claims["iss"], claims["aud"], claims["type"]) == ("fechatter", "fechatter-api", "access")
    assert isinstance(claims["sid"], int)


def test_the_same_claims_signed_by_our_key_are_good(ann: Account, config: Config) -> None:
    assert me(ann, jwt.encode(claims_of(ann), config.private_key, "EdDSA")).status_code == 200


@pytest.mark.parametrize("claim", ["sub", "sid", "iat", "exp", "jti", "type", "iss", "aud"])
def test_a_signed_token_that_lacks_a_claim_is_refused(ann: Account, config: Config, claim: str) -> None:
    claims = claims_of(ann)
    del claims[claim]
    assert_problem(me(ann, jwt.encode(claims, config.private_key, "EdDSA")), 401, "bad_token")


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("aud", "fechatter-mail"),
        ("aud", ["fechatter-api", "other"]),
        ("iss", "other"),
        ("type", "refresh"),
        ("sub", "0"),
        ("sub", "-1"),
        ("sub", "١"),
        ("sub", "9" * 30),
        ("sid", "1"),
        ("sid", True),
        ("sid", 2**63),
        ("sid", None),
        ("jti", 5),
        ("exp", "tomorrow"),
        ("iat", 1e300),
    ],
)
def test_a_signed_token_with_a_wrong_claim_is_refused(ann: Account, config: Config, claim: str, value: object) -> None:
    token = jwt.api_jws.PyJWS().encode(
        json.dumps(claims_of(ann) | {claim: value}).encode(), config.private_key, "EdDSA"
    )
    assert_problem(me(ann, token), 401, "bad_token")


def test_an_expired_token_says_that_it_has_expired(ann: Account, config: Config) -> None:
    past = int((datetime.now(UTC) - timedelta(minutes=16)).timestamp())
    claims = claims_of(ann) | {"iat": past, "exp": past + 900}
    assert_problem(me(ann, jwt.encode(claims, config.private_key, "EdDSA")), 401, "token_expired")


def test_a_foreign_key_signs_nothing_of_ours(ann: Account) -> None:
    assert_problem(me(ann, jwt.encode(claims_of(ann), Ed25519PrivateKey.generate(), "EdDSA")), 401, "bad_token")


def test_the_public_key_is_no_shared_secret(ann: Account, config: Config) -> None:
    (public,) = config.public_keys.values()
    raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    assert_problem(me(ann, jwt.encode(claims_of(ann), raw, "HS256")), 401, "bad_token")


def test_an_unsigned_token_is_refused(ann: Account) -> None:
    assert_problem(me(ann, jwt.encode(claims_of(ann), "", "none")), 401, "bad_token")


def test_a_token_for_anothers_session_is_refused(ann: Account, client: FlaskClient, config: Config) -> None:
    other = sign_up(client)
    claims = claims_of(ann) | {"sid": claims_of(other)["sid"]}
    assert_problem(me(ann, jwt.encode(claims, config.private_key, "EdDSA")), 401, "bad_token")


def unsigned(header: str, payload: str) -> str:
    parts = (base64.urlsafe_b64encode(part.encode()).rstrip(b"=").decode() for part in (header, payload))
    return f"{'.'.join(parts)}.x"


HEADER = '{"alg":"EdDSA"}'


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "a.b.c",
        "..",
        unsigned("[" * 3000, "{}"),
        unsigned(HEADER, "[" * 3000),
        unsigned(HEADER, '{"sub":' + "9" * 5000 + "}"),
        unsigned(HEADER, "[]"),
        unsigned('{"alg":["EdDSA"]}', "{}"),
        unsigned('{"alg":"EdDSA","kid":1}', "{}"),
        "\x80\xff",
        "x" * 8000,
    ],
)
def test_garbage_is_refused_without_a_stumble(ann: Account, token: str) -> None:
    assert_problem(me(ann, token), 401, "bad_token")


@pytest.mark.parametrize("header", ["", "Bearer", "Basic YTpi", "Bearer a b", "bearer", "Bearer a, Bearer b"])
def test_a_header_without_one_token_is_refused(client: FlaskClient, header: str) -> None:
    answer = client.get("/api/users/me", headers={"Authorization": header})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("behind", [", x", ",", ", Basic YTpi", "!", "=", " x", ", " + "x" * 7000])
def test_a_good_token_with_anything_behind_it_is_refused(ann: Account, app: Flask, behind: str) -> None:
    assert me(ann, ann.access_token).status_code == 200
    assert_problem(me(ann, ann.access_token + behind), 401, "bad_token")
    assert not any(behind in token for token in app.extensions["verified_tokens"]._claims)


def test_a_token_over_four_kilobytes_is_refused_though_we_have_signed_it(ann: Account, config: Config) -> None:
    for size, status in ((100, 200), (4000, 401)):
        token = jwt.encode(claims_of(ann) | {"more": "x" * size}, config.private_key, "EdDSA")
        assert me(ann, token).status_code == status


def test_a_token_in_the_query_or_a_cookie_counts_for_nothing(ann: Account, client: FlaskClient) -> None:
    client.set_cookie("access_token_cookie", ann.access_token)
    assert client.get(f"/api/users/me?jwt={ann.access_token}").status_code == 401


def test_who_is_not_signed_in_learns_nothing_about_a_body(client: FlaskClient) -> None:
    assert client.patch("/api/users/me", json={"nonsense": 1}).status_code == 401
    assert client.patch("/api/users/me", data="{", content_type="application/json").status_code == 401


def test_a_token_that_was_good_expires_all_the_same(ann: Account, config: Config) -> None:
    now = int(time.time())
    token = jwt.encode(claims_of(ann) | {"exp": now - int(CLOCK_SKEW.total_seconds()) + 2}, config.private_key, "EdDSA")
    assert me(ann, token).status_code == 200
    time.sleep(2.1)
    assert_problem(me(ann, token), 401, "token_expired")


def test_a_forgery_of_a_token_that_was_good_is_refused(ann: Account) -> None:
    assert me(ann, ann.access_token).status_code == 200
    head, payload, signature = ann.access_token.split(".")
    turned = signature[:10] + ("A" if signature[10] != "A" else "B") + signature[11:]
    assert_problem(me(ann, f"{head}.{payload}.{turned}"), 401, "bad_token")
    other = base64.urlsafe_b64encode(json.dumps(claims_of(ann) | {"sub": "1"}).encode()).rstrip(b"=").decode()
    assert_problem(me(ann, f"{head}.{other}.{signature}"), 401, "bad_token")


def test_only_so_many_verified_tokens_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("frame.verified.MOST", 3)
    verified, expires_at = VerifiedTokens(), int(time.time()) + 60
    for number in range(5):
        verified.remember(f"Bearer {number}", Claims(number, 1), expires_at)
    assert [verified.claims_of(f"Bearer {number}") for number in range(6)] == [
        None,
        None,
        Claims(2, 1),
        Claims(3, 1),
        Claims(4, 1),
        None,
    ]
