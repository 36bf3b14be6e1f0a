"""The service worker has the whole site, talks to us alone, and is never out of date."""

from flask.testing import FlaskClient


def test_it_is_served_for_the_whole_site_under_a_policy_of_its_own(client: FlaskClient) -> None:
    answer = client.get("/sw.js")
    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert answer.headers["Service-Worker-Allowed"] == "/"
    assert answer.headers["Cache-Control"] == "no-cache"
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "connect-src 'self'" in policy
    assert "unsafe" not in policy


def test_one_that_has_not_changed_is_not_sent_again(client: FlaskClient) -> None:
    tag = client.get("/sw.js").headers["ETag"]
    answer = client.get("/sw.js", headers={"If-None-Match": tag})
    assert (answer.status_code, answer.data) == (304, b"")


def test_it_stands_between_no_page_and_the_network(client: FlaskClient) -> None:
    script = client.get("/sw.js").text
    assert '"fetch"' not in script
    assert "importScripts" not in script
    assert "caches" not in script
