"""The chat list over HTTP: quick for the same person, true for everyone."""

import pytest
from flask import Flask
from sqlalchemy import Engine

from fechatter import models
from tests import factories
from tests.app.people import Person, a_chat_of
from tests.factories import committed
from tests.statements import statements_of

NO_CACHE = {"Cache-Control": "no-cache"}


def seqs(person: Person, **options: object) -> list[int]:
    return [item["last_seq"] for item in person.get("/api/chats", **options).json["items"]]


def test_the_list_has_items_and_a_cursor(ann: Person, chat: models.Chat) -> None:
    message = ann.post(f"/api/chats/{chat.id}/messages", {"content": "newest"}).json
    answer = ann.get("/api/chats")
    assert answer.status_code == 200
    [item] = answer.json["items"]
    assert (item["id"], item["last_message"], item["role"], item["unread_count"]) == (chat.id, message, "owner", 0)
    assert isinstance(answer.json["cursor"], str)


def test_no_cache_between_keeps_it(ann: Person, chat: models.Chat) -> None:
    assert ann.get("/api/chats").headers["Cache-Control"] == "private, no-cache"


def test_a_kept_list_is_given_again_byte_for_byte_without_a_look_at_the_chats(
    app: Flask, ann: Person, ben: Person, chat: models.Chat
) -> None:
    first = ann.get("/api/chats")
    ben.post(f"/api/chats/{chat.id}/messages", {"content": "newer"})
    with statements_of(app.extensions["fechatter"].engine) as sent:
        again = ann.get("/api/chats")
    assert again.data == first.data
    assert len(sent) == 1


def test_no_cache_reads_through_and_keeps_what_it_read(ann: Person, ben: Person, chat: models.Chat) -> None:
    assert seqs(ann) == [0]
    ben.post(f"/api/chats/{chat.id}/messages", {"content": "newer"})
    assert seqs(ann) == [0]
    assert seqs(ann, headers=NO_CACHE) == [1]
    assert seqs(ann) == [1]


def test_what_one_has_read_oneself_is_always_in_it(ann: Person, ben: Person, chat: models.Chat) -> None:
    ben.post(f"/api/chats/{chat.id}/messages", {"content": "newer"})
    assert ann.get("/api/chats").json["items"][0]["unread_count"] == 1
    ann.post(f"/api/chats/{chat.id}/read", {"seq": 1})
    assert ann.get("/api/chats").json["items"][0]["unread_count"] == 0


@pytest.mark.parametrize("newer", [0, 1, 3])
def test_a_deleted_text_is_in_no_kept_list_however_many_have_been_posted_since(
    ann: Person, ben: Person, chat: models.Chat, newer: int
) -> None:
    path = f"/api/chats/{chat.id}/messages"
    message = ann.post(path, {"content": "secret"}).json
    lists = ("/api/chats", f"/api/chats?workspace_id={chat.workspace_id}")
    assert all(b"secret" in ben.get(one).data for one in lists)
    for _ in range(newer):
        ann.post(path, {"content": "newer"})
    assert all(b"secret" in ben.get(one).data for one in lists)
    assert ann.delete(f"/api/messages/{message['id']}").status_code == 204
    assert not any(b"secret" in ben.get(one).data for one in lists)


def test_lists_of_workspaces_are_kept_apart(ann: Person, engine: Engine) -> None:
    chats = [a_chat_of(engine, ann), a_chat_of(engine, ann)]
    for _ in range(2):
        for chat in chats:
            answer = ann.get("/api/chats", query_string={"workspace_id": chat.workspace_id})
            assert [item["id"] for item in answer.json["items"]] == [chat.id]
        assert len(ann.get("/api/chats").json["items"]) == 2


def test_a_workspace_that_one_is_not_in_is_missing(ann: Person, ben: Person, engine: Engine) -> None:
    foreign = a_chat_of(engine, ben).workspace_id
    answers = [ann.get("/api/chats", query_string={"workspace_id": w}) for w in (foreign, 2**63 - 1)]
    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize("workspace_id", ["0", "x", "", "9223372036854775808"])
def test_a_malformed_workspace_is_invalid(ann: Person, workspace_id: str) -> None:
    assert ann.get("/api/chats", query_string={"workspace_id": workspace_id}).status_code == 422


def test_without_redis_the_list_is_read_each_time(
    without_redis: Flask, ann: Person, ben: Person, chat: models.Chat
) -> None:
    ann = ann.through(without_redis)
    assert seqs(ann) == [0]
    ben.post(f"/api/chats/{chat.id}/messages", {"content": "newer"})
    assert seqs(ann) == [1]


def test_a_list_without_chats_is_empty(ann: Person, engine: Engine) -> None:
    with committed(engine) as session:
        factories.a_workspace(session, session.get_one(models.User, ann.id))
    assert ann.get("/api/chats").json["items"] == []
