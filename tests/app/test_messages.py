"""Messages over HTTP: what posts, pages, edits and deletions answer, and to whom."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from fechatter import models
from tests import factories
from tests.app.people import Person, a_chat_of
from tests.factories import committed


@pytest.fixture
def path(chat: models.Chat) -> str:
    return f"/api/chats/{chat.id}/messages"


def test_a_post_answers_with_the_message(ann: Person, chat: models.Chat, path: str) -> None:
    first = ann.post(path, {"content": " Grüße\n\U0001f600 "})
    answer = ann.post(path, {"content": "Hello", "client_id": "c", "reply_to": first.json["id"]})
    assert (first.status_code, answer.status_code) == (201, 201)
    assert first.json["content"] == " Grüße\n\U0001f600 "
    assert answer.json == {
        "id": answer.json["id"],
        "chat_id": chat.id,
        "seq": 2,
        "sender_id": ann.id,
        "content": "Hello",
        "client_id": "c",
        "reply_to": first.json["id"],
        "created_at": answer.json["created_at"],
        "edited_at": None,
        "deleted_at": None,
    }


def test_the_same_client_id_again_is_a_200_with_the_message_as_it_is_now(ann: Person, path: str) -> None:
    first = ann.post(path, {"content": "once", "client_id": "c"})
    edited = ann.patch(f"/api/messages/{first.json['id']}", {"content": "twice"})
    again = ann.post(path, {"content": "once", "client_id": "c"})
    assert (again.status_code, again.json) == (200, edited.json)


def test_null_is_as_good_as_leaving_out(ann: Person, path: str) -> None:
    answers = [ann.post(path, {"content": "x", "client_id": None, "reply_to": None}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "content"),
        ({"content": ""}, "content"),
        ({"content": " \t\n\u3000"}, "content"),
        ({"content": "x" * 10_001}, "content"),
        ({"content": "nul\0"}, "content"),
        ({"content": "half \ud83d"}, "content"),
        ({"content": None}, "content"),
        ({"content": 5}, "content"),
        ({"content": ["x"]}, "content"),
        ({"content": "x", "client_id": ""}, "client_id"),
        ({"content": "x", "client_id": "c" * 65}, "client_id"),
        ({"content": "x", "client_id": "\0"}, "client_id"),
        ({"content": "x", "client_id": 7}, "client_id"),
        ({"content": "x", "reply_to": 0}, "reply_to"),
        ({"content": "x", "reply_to": -1}, "reply_to"),
        ({"content": "x", "reply_to": 2**63}, "reply_to"),
        ({"content": "x", "reply_to": "1"}, "reply_to"),
        ({"content": "x", "reply_to": True}, "reply_to"),
        ({"content": "x", "reply_to": 1.5}, "reply_to"),
        ({"content": "x", "reply_to": 2**63 - 1}, "reply_to"),
        ({"content": "x", "seq": 1}, "seq"),
        ([], "body"),
        ("x", "body"),
    ],
)
def test_a_malformed_post_names_the_field(ann: Person, path: str, body: object, field: str) -> None:
    answer = ann.post(path, body)
    assert answer.status_code == 422
    assert answer.json["code"] == "invalid"
    assert list(answer.json["errors"]) == [field]
    assert ann.get(path).json["items"] == []


def test_ten_thousand_code_points_are_one_message(ann: Person, path: str) -> None:
    content = "\U0001f600" * 10_000
    assert ann.post(path, {"content": content}).status_code == 201
    assert ann.get(path).json["items"][0]["content"] == content


def test_a_reply_to_a_message_of_another_chat_is_invalid(ann: Person, path: str, engine: Engine) -> None:
    elsewhere = ann.post(f"/api/chats/{a_chat_of(engine, ann).id}/messages", {"content": "there"})
    answer = ann.post(path, {"content": "here", "reply_to": elsewhere.json["id"]})
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["reply_to"])


def test_a_stranger_learns_nothing(client: FlaskClient, path: str) -> None:
    answers = [client.post(path, json={"content": "x"}), client.post(path, json={}), client.get(path)]
    assert [answer.status_code for answer in answers] == [401, 401, 401]
    assert answers[0].headers["WWW-Authenticate"] == "Bearer"


def test_an_ended_session_posts_reads_and_types_nothing(ann: Person, chat: models.Chat, engine: Engine) -> None:
    path = f"/api/chats/{chat.id}"
    with committed(engine) as session:
        session.execute(text("UPDATE sessions SET ended_at = now() WHERE id = :id"), {"id": ann.session_id})
    answers = [
        ann.post(f"{path}/messages", {"content": "x"}),
        ann.post("/api/chats/9223372036854775807/messages", {"content": "x"}),
        ann.get(f"{path}/messages"),
        ann.post(f"{path}/read", {"seq": 0}),
        ann.post(f"{path}/typing"),
        ann.get("/api/chats"),
    ]
    assert {(answer.status_code, answer.json["code"]) for answer in answers} == {(401, "bad_token")}


def calls_on(person: Person, chat_id: int, message_id: int) -> list[tuple[int, object]]:
    """Every call about a chat's messages, as statuses and all of the bodies but the request's own id."""
    answers = [
        person.post(f"/api/chats/{chat_id}/messages", {"content": "x"}),
        person.get(f"/api/chats/{chat_id}/messages"),
        person.post(f"/api/chats/{chat_id}/read", {"seq": 1}),
        person.post(f"/api/chats/{chat_id}/typing"),
        person.get(f"/api/messages/{message_id}"),
        person.patch(f"/api/messages/{message_id}", {"content": "x"}),
        person.delete(f"/api/messages/{message_id}"),
    ]
    return [(answer.status_code, answer.json | {"request_id": None}) for answer in answers]


@pytest.mark.parametrize("type", ["group", "private_channel", "public_channel"])
def test_what_an_outsider_asks_for_looks_like_what_is_not_there(
    ann: Person, ben: Person, engine: Engine, type: str
) -> None:
    chat = a_chat_of(engine, ann, type=type)
    message = ann.post(f"/api/chats/{chat.id}/messages", {"content": "secret"}).json
    hidden, absent = calls_on(ben, chat.id, message["id"]), calls_on(ben, 2**63 - 1, 2**63 - 1)
    assert hidden == absent
    assert {status for status, _ in hidden} == {404}


@pytest.mark.parametrize(
    ("type", "role", "status"),
    [
        ("public_channel", "member", 403),
        ("public_channel", "guest", 404),
        ("private_channel", "owner", 404),
        ("group", "owner", 404),
    ],
)
def test_colleagues_who_are_not_in_the_chat(
    ann: Person, ben: Person, engine: Engine, type: str, role: str, status: int
) -> None:
    chat = a_chat_of(engine, ann, type=type)
    with committed(engine) as session:
        workspace, user = session.get_one(models.Workspace, chat.workspace_id), session.get_one(models.User, ben.id)
        factories.join_workspace(session, workspace, user, role)
    message = ann.post(f"/api/chats/{chat.id}/messages", {"content": "x"}).json
    assert {found for found, _ in calls_on(ben, chat.id, message["id"])} == {status}
    assert ann.get(f"/api/messages/{message['id']}").json == message


def test_history_pages_by_query(ann: Person, path: str) -> None:
    for number in range(5):
        ann.post(path, {"content": str(number)})
    newest = ann.get(path, query_string={"limit": 2})
    assert newest.status_code == 200
    assert [item["seq"] for item in newest.json["items"]] == [4, 5]
    assert (newest.json["has_more_before"], newest.json["has_more_after"]) == (True, False)
    for query, seqs in ({"before": 4}, [2, 3]), ({"after": 2}, [3, 4]), ({"around": 3}, [2, 3]):
        assert [item["seq"] for item in ann.get(path, query_string=query | {"limit": 2}).json["items"]] == seqs


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("before=1&after=1", "after"),
        ("around=1&before=1", "around"),
        ("before=1&after=2&around=3&limit=5", "after"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=x", "limit"),
        ("before=-1", "before"),
        ("before=9223372036854775808", "before"),
        ("after=1.5", "after"),
        ("around=", "around"),
    ],
)
def test_a_malformed_query_names_the_field(ann: Person, path: str, query: str, field: str) -> None:
    answer = ann.get(path, query_string=query)
    assert answer.status_code == 422
    assert field in answer.json["errors"]


def test_the_limit_is_fifty_if_left_out(ann: Person, path: str, chat: models.Chat, engine: Engine) -> None:
    with committed(engine) as session:
        user = session.get_one(models.User, ann.id)
        for _ in range(51):
            factories.a_message(session, chat, user)
    assert len(ann.get(path).json["items"]) == 50


def test_a_message_is_edited_by_its_author_and_deleted_once(ann: Person, ben: Person, path: str) -> None:
    message = ben.post(path, {"content": "befor"}).json
    one = f"/api/messages/{message['id']}"
    assert (ann.patch(one, {"content": "x"}).status_code, ann.patch(one, {"content": "x"}).json["code"]) == (
        403,
        "not_author",
    )
    edited = ben.patch(one, {"content": "before"})
    assert (edited.status_code, edited.json["content"], ann.get(one).json) == (200, "before", edited.json)
    assert ben.patch(one, {"content": " "}).status_code == 422
    assert [ben.delete(one).status_code for _ in range(2)] == [204, 204]
    tombstone = ann.get(one)
    assert (tombstone.status_code, tombstone.json["content"]) == (200, None)
    assert ann.get(path).json["items"] == [tombstone.json]
    refused = ben.patch(one, {"content": "back"})
    assert (refused.status_code, refused.json["code"]) == (409, "message_deleted")
