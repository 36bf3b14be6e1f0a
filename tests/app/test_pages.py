"""What browsers get, and programs do not."""

import pytest
from flask.testing import FlaskClient

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize("path", ["/", "/invite/some-token"])
def test_a_browser_gets_a_page_and_a_program_a_problem(client: FlaskClient, path: str) -> None:
    page = client.get(path, headers=BROWSER)
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert "script-src" not in page.headers["Content-Security-Policy"]
    problem = client.get(path)
    assert (problem.status_code, problem.mimetype) == (404, "application/problem+json")


def test_the_page_of_an_invitation_shows_nothing_of_it(client: FlaskClient) -> None:
    page = client.get("/invite/<script>alert(1)<", headers=BROWSER)
    assert "alert" not in page.text


def test_what_the_pages_need_is_there(client: FlaskClient) -> None:
    assert client.get("/static/pages/page.css").mimetype == "text/css"
