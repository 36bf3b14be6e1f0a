"""Names show as what they are: they cannot break a line, turn it round, command a terminal, or be nothing at all."""

import pytest
from flask.testing import FlaskClient

from tests.app.people import Person
from tests.app.signing import PASSWORD, an_email, assert_problem

TRICKS = ("a\nb", "a\r\nb", "\x1b[2Jb", "a\x7f", "a\x85b", "a\u202eb", "\u2066ab", "a\u2028b", "a\u2029b")
NOTHING = ("\u200b", " \u3164 ", "\u2060\ufeff")


@pytest.mark.parametrize("name", [*TRICKS, *NOTHING])
def test_nobody_and_nothing_gets_such_a_name(client: FlaskClient, ann: Person, name: str) -> None:
    account = {"email": an_email(), "password": PASSWORD, "name": "A", "workspace": "W"}
    answers = [
        client.post("/api/auth/signup", json=account | {"name": name}),
        ann.patch("/api/users/me", {"name": name}),
        ann.post("/api/workspaces", {"name": name}),
        ann.patch("/api/workspaces/1", {"name": name}),
        ann.post("/api/chats", {"workspace_id": 1, "type": "public_channel", "name": name}),
        ann.patch("/api/chats/1", {"name": name}),
    ]
    for answer in answers:
        assert_problem(answer, 422, "invalid")
        assert list(answer.json["errors"]) == ["name"]
    assert list(client.post("/api/auth/signup", json=account | {"workspace": name}).json["errors"]) == ["workspace"]


@pytest.mark.parametrize("topic", TRICKS)
def test_a_topic_plays_no_tricks_either(ann: Person, topic: str) -> None:
    answer = ann.patch("/api/chats/1", {"topic": topic})
    assert_problem(answer, 422, "invalid")
    assert list(answer.json["errors"]) == ["topic"]


@pytest.mark.parametrize("name", ["👩\u200d👩\u200d👧", "❤\ufe0f", "שלום", "Zoë e\u0301", "न\u094dत", "名前"])
def test_what_people_are_called_comes_back_as_sent(ann: Person, name: str) -> None:
    assert ann.patch("/api/users/me", {"name": name}).json["name"] == name
    assert ann.post("/api/workspaces", {"name": f" {name}\u3000"}).json["name"] == name


def test_channels_whose_names_look_the_same_are_the_same(ann: Person) -> None:
    workspace = ann.post("/api/workspaces", {"name": "W"}).json["id"]
    channel = {"workspace_id": workspace, "type": "public_channel"}
    assert ann.post("/api/chats", channel | {"name": "general"}).status_code == 201
    for name in ("gene\u200bral", "\ufeffGeneral", "general\u2060"):
        assert_problem(ann.post("/api/chats", channel | {"name": name}), 409, "name_taken")
    assert ann.post("/api/chats", channel | {"name": "👩\u200d👧"}).json["name"] == "👩\u200d👧"


@pytest.mark.parametrize("same", ["ﬁle", "FILE", "ｆｉｌｅ", "\u200bfi\u200dle", "file\u3000"])
def test_channels_that_look_the_same_share_one_name_also_when_renamed(ann: Person, same: str) -> None:
    workspace = ann.post("/api/workspaces", {"name": "W"}).json["id"]
    channel = {"workspace_id": workspace, "type": "private_channel"}
    assert ann.post("/api/chats", channel | {"name": "file"}).status_code == 201
    other = ann.post("/api/chats", channel | {"name": "other"}).json["id"]
    assert_problem(ann.patch(f"/api/chats/{other}", {"name": same}), 409, "name_taken")


@pytest.mark.parametrize("client_id", ["\x00", "a\x00b", "\ud800", "x" * 65, ""])
def test_a_client_id_that_cannot_be_kept_is_refused(ann: Person, client_id: str) -> None:
    answer = ann.post("/api/chats/1/messages", {"content": "x", "client_id": client_id})
    assert_problem(answer, 422, "invalid")
    assert list(answer.json["errors"]) == ["client_id"]
