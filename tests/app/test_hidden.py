"""What one may not know of is answered like what is not there, alike in every byte but ids."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from fechatter import models
from tests.app.people import Person, a_person
from tests.app.signing import sign_up
from tests.factories import a_chat, a_message, a_workspace, committed, join_workspace
from tests.statements import statements_of

NOWHERE = 2**62

CALLS = [
    ("GET", "/api/workspaces/{workspace}", None),
    ("PATCH", "/api/workspaces/{workspace}", {"name": "Mine"}),
    ("DELETE", "/api/workspaces/{workspace}", None),
    ("GET", "/api/workspaces/{workspace}/members", None),
    ("PATCH", "/api/workspaces/{workspace}/members/{person}", {"role": "guest"}),
    ("DELETE", "/api/workspaces/{workspace}/members/{person}", None),
    ("GET", "/api/workspaces/{workspace}/channels", None),
    ("GET", "/api/workspaces/{workspace}/invites", None),
    ("POST", "/api/workspaces/{workspace}/invites", {}),
    ("DELETE", "/api/workspaces/{workspace}/invites/1", None),
    ("GET", "/api/chats?workspace_id={workspace}", None),
    ("POST", "/api/chats", {"workspace_id": "{workspace}", "type": "public_channel", "name": "Mine"}),
    ("GET", "/api/chats/{chat}", None),
    ("PATCH", "/api/chats/{chat}", {"name": "Mine"}),
    ("DELETE", "/api/chats/{chat}", None),
    ("POST", "/api/chats/{chat}/join", None),
    ("POST", "/api/chats/{chat}/leave", None),
    ("GET", "/api/chats/{chat}/members", None),
    ("POST", "/api/chats/{chat}/members", {"user_ids": [1]}),
    ("PATCH", "/api/chats/{chat}/members/{person}", {"role": "admin"}),
    ("DELETE", "/api/chats/{chat}/members/{person}", None),
    ("GET", "/api/chats/{chat}/messages", None),
    ("POST", "/api/chats/{chat}/messages", {"content": "Hello"}),
    ("POST", "/api/chats/{chat}/read", {"seq": 1}),
    ("POST", "/api/chats/{chat}/typing", None),
    ("GET", "/api/chats/{chat}/notifications", None),
    ("PATCH", "/api/chats/{chat}/notifications", {"level": "all"}),
    ("GET", "/api/messages/{message}", None),
    ("PATCH", "/api/messages/{message}", {"content": "Hello"}),
    ("DELETE", "/api/messages/{message}", None),
    ("POST", "/api/messages/{message}/reports", {"reason": "Why"}),
    ("GET", "/api/workspaces/{workspace}/suspensions", None),
    ("POST", "/api/workspaces/{workspace}/suspensions", {"user_id": 1}),
    ("DELETE", "/api/workspaces/{workspace}/suspensions/{person}", None),
    ("GET", "/api/workspaces/{workspace}/reports", None),
    ("PATCH", "/api/workspaces/{workspace}/reports/1", {"resolved": True}),
    ("GET", "/api/workspaces/{workspace}/audit", None),
]


class Hidden:
    """Ids of a foreign workspace, and of what is in it; `deleted` and `private` ones of one's own workspace."""

    def __init__(self, app: Flask, engine: Engine) -> None:
        self.stranger, owner = a_person(app, engine), a_person(app, engine)
        with committed(engine) as session:
            user = session.get_one(models.User, owner.id)
            me = session.get_one(models.User, self.stranger.id)
            foreign, mine = a_workspace(session, user), a_workspace(session, me)
            join_workspace(session, gone := a_workspace(session, user), me)
            gone.deleted_at = models.Workspace.created_at
            chat = a_chat(session, foreign, "public_channel", [user])
            secret = a_chat(session, mine, "private_channel", [user], name="secret")
            over = a_chat(session, mine, "group", [me, user])
            messages = [a_message(session, place, user)["id"] for place in (chat, secret, over)]
            over.deleted_at = models.Chat.created_at
            self.ids = {
                "foreign": {"workspace": foreign.id, "chat": chat.id, "message": messages[0]},
                "private": {"workspace": foreign.id, "chat": secret.id, "message": messages[1]},
                "deleted": {"workspace": gone.id, "chat": over.id, "message": messages[2]},
            }
        for ids in self.ids.values():
            ids["person"] = owner.id


@pytest.fixture(scope="module")
def hidden(app: Flask, engine: Engine) -> Hidden:
    return Hidden(app, engine)


@pytest.mark.parametrize("kind", ["foreign", "private", "deleted"])
@pytest.mark.parametrize(("method", "path", "body"), CALLS)
def test_hidden_is_answered_like_missing(hidden: Hidden, method: str, path: str, body: object, kind: str) -> None:
    nowhere = dict.fromkeys(("workspace", "chat", "message", "person"), NOWHERE)
    there, missing = (_ask(hidden.stranger, method, path, body, ids) for ids in (hidden.ids[kind], nowhere))
    assert there.status_code == 404
    assert _bytes(there) == _bytes(missing)


@pytest.mark.parametrize("kind", ["foreign", "private", "deleted"])
@pytest.mark.parametrize(("method", "path", "body"), CALLS)
def test_hidden_takes_the_same_road_as_missing(
    app: Flask, hidden: Hidden, method: str, path: str, body: object, kind: str
) -> None:
    """The same statements, so that the time they take does not tell the one from the other."""
    nowhere = dict.fromkeys(("workspace", "chat", "message", "person"), NOWHERE)
    roads = [_statements_of(app, hidden.stranger, method, path, body, ids) for ids in (hidden.ids[kind], nowhere)]
    assert roads[0] == roads[1] != []


def _statements_of(app: Flask, person: Person, method: str, path: str, body: object, ids: dict[str, int]) -> list[str]:
    with statements_of(app.extensions["fechatter"].engine) as sent:
        _ask(person, method, path, body, ids)
    return [statement for statement, _ in sent]


def _ask(person: Person, method: str, path: str, body: object, ids: dict[str, int]) -> TestResponse:
    if isinstance(body, dict) and "workspace_id" in body:
        body = body | {"workspace_id": ids["workspace"]}
    return person.call(method, path.format_map(ids), body, headers={"X-Request-ID": "same"})


def _bytes(answer: TestResponse) -> tuple[str, bytes, list[tuple[str, str]]]:
    return answer.status, answer.data, sorted((name, value) for name, value in answer.headers if name != "Date")


def test_a_person_with_whom_no_workspace_is_shared_is_answered_like_nobody(app: Flask, engine: Engine) -> None:
    one, other = a_person(app, engine), a_person(app, engine)
    there, missing = (_ask(one, "GET", "/api/users/{person}", None, {"person": id}) for id in (other.id, NOWHERE))
    assert there.status_code == 404
    assert _bytes(there) == _bytes(missing)


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_who_cannot_be_seen_cannot_be_blocked_like_nobody(app: Flask, engine: Engine, method: str) -> None:
    one, other = a_person(app, engine), a_person(app, engine)
    answers, roads = [], []
    for person in (other.id, NOWHERE):
        path, body = "/api/users/me/blocks", {"user_id": person} if method == "POST" else None
        with statements_of(app.extensions["fechatter"].engine) as sent:
            answers.append(_ask(one, method, path if body else f"{path}/{person}", body, {}))
        roads.append([statement for statement, _ in sent])
    assert answers[0].status_code == 404
    assert _bytes(answers[0]) == _bytes(answers[1])
    assert roads[0] == roads[1] != []


def test_a_suspended_persons_invitation_takes_the_road_of_one_that_is_over(app: Flask, engine: Engine) -> None:
    owner, out, other = (a_person(app, engine) for _ in range(3))
    workspace = owner.post("/api/workspaces", {"name": "Acme"}).json["id"]
    invites = f"/api/workspaces/{workspace}/invites"
    token = owner.post(invites).json["token"]
    out.post(f"/api/invites/{token}/accept")
    assert owner.post(f"/api/workspaces/{workspace}/suspensions", {"user_id": out.id}).status_code == 201
    over = owner.post(invites).json
    owner.delete(f"{invites}/{over['id']}")
    roads = []
    for person, word in ((out, token), (other, over["token"])):
        with statements_of(app.extensions["fechatter"].engine) as sent:
            assert person.post(f"/api/invites/{word}/accept").status_code == 404
        roads.append([statement for statement, _ in sent])
    assert roads[0] == roads[1] != []


@pytest.mark.parametrize("number", ["0", "01", "9223372036854775808", "99999999999999999999999"])
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_a_number_that_cannot_be_an_id_is_missing_whatever_the_method(
    client: FlaskClient, method: str, number: str
) -> None:
    bearer = {"Authorization": f"Bearer {sign_up(client).access_token}"}
    body = {"topic": "x"} if method == "PATCH" else None
    answer = client.open(f"/api/chats/{number}", method=method, headers=bearer, json=body)
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")
