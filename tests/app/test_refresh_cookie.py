"""A browser's refresh token: in a cookie that no script reads and no other page uses."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.create import create_app
from fechatter.config import Config
from tests.app.signing import PASSWORD, an_email, assert_problem

OURS = {"X-Fechatter-Client": "web"}
SITE = "https://chat.example.org"
NAME = "__Secure-fechatter_refresh"


@pytest.fixture
def browser(config: Config) -> Iterator[FlaskClient]:
    """Over TLS, with the jar that the test client keeps."""
    app = create_app(replace(config, public_url=SITE, cors_origins=("https://app.example.org",)))
    yield app.test_client()
    app.extensions["fechatter"].engine.dispose()


def sign_up(browser: FlaskClient, headers: dict[str, str] = OURS) -> TestResponse:
    body = {"email": an_email(), "password": PASSWORD, "name": "Ann", "cookie": True}
    return browser.post("/api/auth/signup", json=body, headers=headers, base_url=SITE)


def refresh(browser: FlaskClient, **headers: str) -> TestResponse:
    return browser.post("/api/auth/refresh", headers=OURS | headers, base_url=SITE)


def jar(browser: FlaskClient) -> str | None:
    cookie = browser.get_cookie(NAME, "chat.example.org", "/api/auth")
    return cookie.value if cookie else None


def test_who_asks_for_a_cookie_gets_the_refresh_token_in_nothing_else(browser: FlaskClient) -> None:
    answer = sign_up(browser)
    assert (answer.status_code, answer.json["refresh_token"]) == (201, None)
    assert answer.json["access_token"]
    (cookie,) = answer.headers.getlist("Set-Cookie")
    value, *attributes = cookie.split("; ")
    assert value.startswith(f"{NAME}=")
    assert set(attributes) >= {"Secure", "HttpOnly", "SameSite=Strict", "Path=/api/auth", "Max-Age=2592000"}
    assert not [attribute for attribute in attributes if attribute.startswith("Domain")]
    assert value.partition("=")[2] not in answer.text


def test_who_does_not_ask_gets_none(browser: FlaskClient) -> None:
    body = {"email": an_email(), "password": PASSWORD, "name": "Ann"}
    made = browser.post("/api/auth/signup", json=body, base_url=SITE)
    again = browser.post("/api/auth/refresh", json={"refresh_token": made.json["refresh_token"]}, base_url=SITE)
    for answer in (made, again):
        assert answer.json["refresh_token"]
        assert "Set-Cookie" not in answer.headers


def test_a_refresh_without_a_body_spends_the_cookie_and_sets_the_next(browser: FlaskClient) -> None:
    sign_up(browser)
    first = jar(browser)
    answer = refresh(browser)
    assert (answer.status_code, answer.json["refresh_token"]) == (200, None)
    assert set(answer.json) == {"access_token", "refresh_token", "token_type", "expires_in"}
    second = jar(browser)
    assert first
    assert second
    assert first != second
    assert first.split(".")[0] == second.split(".")[0]
    assert refresh(browser).status_code == 200


def test_two_tabs_that_share_the_cookie_get_the_same_next_one(browser: FlaskClient) -> None:
    sign_up(browser)
    first = jar(browser)
    assert first
    refresh(browser)
    second = jar(browser)
    browser.set_cookie(NAME, first, domain="chat.example.org", path="/api/auth")
    assert refresh(browser).status_code == 200
    assert jar(browser) == second


def test_sign_in_sets_it_too(browser: FlaskClient) -> None:
    email = sign_up(browser).json["user"]["email"]
    body = {"email": email, "password": PASSWORD, "cookie": True}
    first = jar(browser)
    answer = browser.post("/api/auth/signin", json=body, headers=OURS, base_url=SITE)
    assert (answer.status_code, answer.json["refresh_token"]) == (200, None)
    assert jar(browser) != first


def test_signing_out_takes_it_away(browser: FlaskClient) -> None:
    token = sign_up(browser).json["access_token"]
    answer = browser.post("/api/auth/signout", headers={"Authorization": f"Bearer {token}"}, base_url=SITE)
    assert (answer.status_code, answer.data) == (204, b"")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "Path=/api/auth" in answer.headers["Set-Cookie"]
    assert jar(browser) is None
    assert_problem(refresh(browser), 422, "invalid")


def test_a_body_goes_before_the_cookie_and_leaves_it_alone(browser: FlaskClient) -> None:
    body = {"email": an_email(), "password": PASSWORD, "name": "Ben"}
    ben = browser.post("/api/auth/signup", json=body, base_url=SITE).json
    sign_up(browser)
    first = jar(browser)
    answer = browser.post("/api/auth/refresh", json={"refresh_token": ben["refresh_token"]}, base_url=SITE)
    assert answer.json["refresh_token"].split(".")[0] == ben["refresh_token"].split(".")[0]
    assert jar(browser) == first


FOREIGN: list[dict[str, Any]] = [
    {"X-Fechatter-Client": None},
    {"X-Fechatter-Client": ""},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://chat.example.org"},
    {"Origin": "https://chat.example.org.evil.example"},
    {"Origin": "https://chat.example.org:444"},
    {"Origin": "https://app.example.org"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "cross-site", "Origin": SITE},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_another_page_can_neither_use_it_nor_plant_one(browser: FlaskClient, headers: dict[str, Any]) -> None:
    email = sign_up(browser).json["user"]["email"]
    first = jar(browser)
    sent = {name: value for name, value in (OURS | headers).items() if value is not None}
    assert_problem(browser.post("/api/auth/refresh", headers=sent, base_url=SITE), 403, "csrf")
    body = {"email": email, "password": PASSWORD, "cookie": True}
    planted = browser.post("/api/auth/signin", json=body, headers=sent, base_url=SITE)
    assert_problem(planted, 403, "csrf")
    assert_problem(sign_up(browser, sent), 403, "csrf")
    assert "Set-Cookie" not in planted.headers
    assert jar(browser) == first
    assert refresh(browser).status_code == 200, "nothing was spent"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": SITE},
        {"Origin": "https://chat.example.org:443"},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "same-origin", "Origin": SITE},
    ],
)
def test_our_own_page_can_use_it(browser: FlaskClient, headers: dict[str, str]) -> None:
    sign_up(browser)
    assert refresh(browser, **headers).status_code == 200


def test_no_other_origin_may_send_the_header_or_cookies(browser: FlaskClient) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-fechatter-client"}
    for origin in ("https://app.example.org", "https://evil.example"):
        answer = browser.options("/api/auth/refresh", headers={"Origin": origin} | asked, base_url=SITE)
        assert "x-fechatter-client" not in answer.headers.get("Access-Control-Allow-Headers", "").lower()
        assert "Access-Control-Allow-Credentials" not in answer.headers


def test_without_tls_the_cookie_has_no_prefix_and_is_sent_all_the_same(client: FlaskClient) -> None:
    body = {"email": an_email(), "password": PASSWORD, "name": "Ann", "cookie": True}
    answer = client.post("/api/auth/signup", json=body, headers=OURS)
    assert answer.headers["Set-Cookie"].startswith("fechatter_refresh=")
    assert "Secure" not in answer.headers["Set-Cookie"]
    assert client.post("/api/auth/refresh", headers=OURS).status_code == 200


@pytest.mark.parametrize("value", ["x", "1.1.x", "%00", "é", "x" * 3000])
def test_a_cookie_that_is_none_of_ours_is_refused(browser: FlaskClient, value: str) -> None:
    browser.set_cookie(NAME, value, domain="chat.example.org", path="/api/auth")
    assert_problem(refresh(browser), 401, "bad_token")


def test_an_access_token_in_a_cookie_counts_for_nothing(browser: FlaskClient) -> None:
    sign_up(browser)
    assert_problem(browser.get("/api/auth/sessions", base_url=SITE, headers=OURS), 401, "unauthorized")


def test_without_cookie_and_body_the_field_is_named(browser: FlaskClient) -> None:
    for json in (None, {}):
        answer = browser.post("/api/auth/refresh", json=json, base_url=SITE) if json is not None else refresh(browser)
        assert_problem(answer, 422, "invalid")
        assert list(answer.json["errors"]) == ["refresh_token"]
