"""What a door leaves out of Flask is missed by nobody."""

import pytest
from flask import Blueprint, Flask, Response, g, session, url_for

from frame.door import Door


@pytest.fixture
def door() -> Flask:
    door = Door("door", object, static_folder=None)
    door.add_url_rule("/here/<int:id>", "here", lambda id: f"{id}", methods=["GET", "POST"])
    door.add_url_rule("/link", "link", lambda: url_for("here", id=7))
    door.add_url_rule("/session", "session", lambda: "empty" if not session else "full")
    door.add_url_rule("/write", "write", lambda: session.update(a=1) or "written")
    return door


def test_what_a_process_has_of_its_own_is_made_when_it_begins_and_once() -> None:
    door = Door("door", object)
    assert "fechatter" not in door.extensions
    own = door.begin().extensions["fechatter"]
    assert door.begin().extensions["fechatter"] is own


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


def test_hooks_are_called_in_flasks_order(door: Flask) -> None:
    order = list[str]()

    def after(name: str, response: Response) -> Response:
        order.append(name)
        return response

    door.before_request(lambda: order.append("before 1"))
    door.before_request(lambda: order.append("before 2"))
    door.after_request(lambda response: after("after 1", response))
    door.after_request(lambda response: after("after 2", response))
    door.teardown_request(lambda error: order.append(f"end 1 {error}"))
    door.teardown_request(lambda error: order.append(f"end 2 {error}"))
    assert door.test_client().get("/here/7").text == "7"
    assert order == ["before 1", "before 2", "after 2", "after 1", "end 2 None", "end 1 None"]


def test_a_hook_may_answer_in_place_of_the_view(door: Flask) -> None:
    door.before_request(lambda: ("closed", 503))
    door.before_request(lambda: setattr(g, "later", True))
    door.after_request(lambda response: Response(f"{response.get_data(as_text=True)} {'later' in g}", response.status))
    answer = door.test_client().get("/here/7")
    assert (answer.status_code, answer.text) == (503, "closed False")


@pytest.mark.parametrize("kind", ["before_request", "after_request", "teardown_request"])
def test_a_blueprint_has_no_hooks(door: Flask, kind: str) -> None:
    blueprint = Blueprint("rooms", __name__)
    getattr(blueprint, kind)(lambda *_: None)
    with pytest.raises(TypeError, match="rooms"):
        door.register_blueprint(blueprint)
