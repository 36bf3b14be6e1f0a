"""What browsers get, and programs do not."""

import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from app.create import create_app
from fechatter.config import Config
from tests.app.signing import assert_problem

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
ELSEWHERE = "https://chat.example.org"


@pytest.fixture
def elsewhere(config: Config) -> FlaskClient:
    """Of a web whose PUBLIC_URL is not that of bin/dev."""
    return create_app(replace(config, public_url=ELSEWHERE)).test_client()


@pytest.mark.parametrize("path", ["/", "/invite/some-token"])
def test_a_browser_gets_a_page_and_a_program_learns_where_to_look(elsewhere: FlaskClient, path: str) -> None:
    page = elsewhere.get(path, headers=BROWSER)
    assert (page.status_code, page.mimetype) == (200, "text/html")
    answer = elsewhere.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.json["docs"] == f"{ELSEWHERE}/docs"
    assert answer.json["description"] == f"{ELSEWHERE}/openapi.json"


def test_a_program_learns_the_call_that_accepts_an_invitation(elsewhere: FlaskClient) -> None:
    assert elsewhere.get("/invite/some-token").json["accept"] == f"POST {ELSEWHERE}/api/invites/{{token}}/accept"


@pytest.mark.parametrize("what", ["invite", "verify", "reset"])
def test_an_answer_about_a_token_shows_nothing_of_it(client: FlaskClient, what: str) -> None:
    for headers in (BROWSER, {}):
        assert "alert" not in client.get(f"/{what}/<script>alert(1)<", headers=headers).text


@pytest.mark.parametrize("what", ["verify", "reset"])
def test_a_link_from_a_mail_leads_to_a_page_that_makes_its_call_and_runs_our_files_alone(
    elsewhere: FlaskClient, what: str
) -> None:
    page = elsewhere.get(f"/{what}/some-token", headers=BROWSER)
    assert f'data-call="/api/auth/{what}"' in page.text
    assert '<a href="/signin">' in page.text
    assert "script-src 'self';" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert elsewhere.get(f"/{what}/some-token").json["call"] == f"POST {ELSEWHERE}/api/auth/{what}"


@pytest.mark.parametrize("path", ["/nope", "/api/nope", "/static/nope"])
def test_a_path_that_is_not_there_is_a_page_like_the_others_or_a_problem(client: FlaskClient, path: str) -> None:
    page = client.get(path, headers=BROWSER)
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert "/static/pages/page.css" in page.text
    assert "style-src 'self'" in page.headers["Content-Security-Policy"]
    assert f"Request <code>{page.headers['X-Request-ID']}</code>" in page.text
    problem = client.get(path)
    assert_problem(problem, 404, "not_found")
    assert problem.json["detail"] == "There is no such path."


@pytest.mark.parametrize("path", ["/verify/x", "/reset/x", "/nope", "/docs"])
def test_what_the_pages_need_is_there(client: FlaskClient, path: str) -> None:
    page = client.get(path, headers=BROWSER)
    needed = re.findall(r'<(?:link|script)[^>]*(?:href|src)="([^"]+)"', page.text)
    assert "/static/pages/favicon.svg" in needed
    for address in needed:
        assert client.get(address).status_code == 200, address
    assert "img-src 'self'" in page.headers["Content-Security-Policy"]


def test_a_browser_does_not_ask_for_the_icon_at_each_address_of_the_web_client(client: FlaskClient) -> None:
    kept = client.get("/static/pages/favicon.svg").cache_control
    assert (kept.max_age, kept.no_cache) == (86_400, None)
    assert client.get("/static/pages/page.css").cache_control.no_cache
