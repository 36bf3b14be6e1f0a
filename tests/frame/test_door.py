"""What a door leaves out of Flask is missed by nobody."""

import pytest
from flask import Flask, session, url_for

from frame.door import Door


@pytest.fixture
def door() -> Flask:
    door = Door("door", static_folder=None)
    door.add_url_rule("/here/<int:id>", "here", lambda id: f"{id}", methods=["GET", "POST"])
    door.add_url_rule("/link", "link", lambda: url_for("here", id=7))
    door.add_url_rule("/session", "session", lambda: "empty" if not session else "full")
    door.add_url_rule("/write", "write", lambda: session.update(a=1) or "written")
    return door


@pytest.mark.parametrize("host", ["chat.example.org", "[::1]:8000", "EXAMPLE.org:443", "a b", ""])
def test_a_route_is_the_same_whatever_host_is_named(door: Flask, host: str) -> None:
    answer = door.test_client().get("/here/7", headers={"Host": host})
    assert (answer.status_code, answer.text) == (200, "7")


@pytest.mark.parametrize(("path", "status"), [("/here/7/", 404), ("/here//7", 404), ("/Here/7", 404)])
def test_only_the_path_itself_leads_to_a_route(door: Flask, path: str, status: int) -> None:
    door.url_map.merge_slashes = False
    answer = door.test_client().open(environ_overrides={"PATH_INFO": path})
    assert (answer.status_code, answer.headers.get("Location")) == (status, None)


def test_methods_are_known_apart(door: Flask) -> None:
    client = door.test_client()
    assert [client.open("/here/7", method=m).status_code for m in ("GET", "POST", "HEAD", "PUT")] == [
        200,
        200,
        200,
        405,
    ]


def test_links_stay_below_where_the_door_is_mounted(door: Flask) -> None:
    client = door.test_client()
    assert client.get("/link").text == "/here/7"
    assert client.get("/link", environ_overrides={"SCRIPT_NAME": "/chat"}).text == "/chat/here/7"


def test_there_is_no_session_to_write_to(door: Flask) -> None:
    client = door.test_client()
    answer = client.get("/session", headers={"Cookie": "session=eyJhIjoxfQ"})
    assert (answer.text, "Set-Cookie" in answer.headers) == ("empty", False)
    door.testing = True
    with pytest.raises(RuntimeError, match="session"):
        client.get("/write")
