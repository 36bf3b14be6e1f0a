"""The described events are those that the product records and the stream sends, to the letter."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema_rs import ValidationError
from sqlalchemy import Engine, text

from fechatter.actions.typing import typing
from fechatter.cursor import Place
from notify import frames
from tests.app.people import Person
from tests.exact import accepts
from tests.test_docs import event_types

Recorded = dict[str, list[Any]]


@pytest.fixture
def description(client: FlaskClient) -> Any:
    return client.get("/openapi.json").json


@pytest.fixture
def recorded(ann: Person, ben: Person, engine: Engine) -> Recorded:
    """Bodies by type, of all that two people can do."""
    workspace = ann.post("/api/workspaces", {"name": "Acme"}).json["id"]
    bring_in(ann, workspace, ben)
    for kind, name in (("public_channel", "general"), ("private_channel", "staff"), ("group", None), ("single", None)):
        body = {"workspace_id": workspace, "type": kind, "name": name, "member_ids": [ben.id]}
        chat = f"/api/chats/{ann.post('/api/chats', body).json['id']}"
        message = ann.post(f"{chat}/messages", {"content": "Hi", "client_id": kind}).json["id"]
        ann.patch(f"/api/messages/{message}", {"content": "Hello"})
        ben.post(f"{chat}/read", {"seq": 1})
        ann.patch(chat, {"topic": "Everything else"})
        ann.patch(chat, {"read_only": True, "slow_mode": 5})
        ann.patch(chat, {"read_only": False, "slow_mode": 0})
        ann.delete(f"/api/messages/{message}")
        ann.patch(f"{chat}/members/{ben.id}", {"role": "admin"})
        ann.delete(f"{chat}/members/{ben.id}")
        ann.post(f"{chat}/members", {"user_ids": [ben.id]})
        ann.delete(chat)
    ann.patch(f"/api/workspaces/{workspace}/members/{ben.id}", {"role": "guest"})
    ann.delete(f"/api/workspaces/{workspace}/members/{ben.id}")
    ann.patch(f"/api/workspaces/{workspace}", {"name": "Acme Tea"})
    ann.delete(f"/api/workspaces/{workspace}")
    return outbox_of(engine, workspace)


def bring_in(owner: Person, workspace: int, other: Person) -> None:
    token = owner.post(f"/api/workspaces/{workspace}/invites", {}).json["token"]
    assert other.post(f"/api/invites/{token}/accept").status_code == 200


def outbox_of(engine: Engine, workspace: int) -> Recorded:
    bodies: Recorded = {}
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT type, body FROM outbox WHERE workspace_id = :id"), {"id": workspace})
        for type_, body in rows:
            bodies.setdefault(type_, []).append(json.loads(body))
    return bodies


def test_what_is_recorded_is_described_to_the_letter(description: Any, recorded: Recorded) -> None:
    for type_, bodies in recorded.items():
        for body in bodies:
            assert body["type"] == type_
            accepts(description, component_of(description, type_)).validate(body)
            accepts(description, "Event").validate(body)
    assert set(recorded) == event_types() - {"typing", "presence"}, "this test lets something out"


def component_of(description: Any, type_: str) -> str:
    mapping = description["components"]["schemas"]["Event"]["discriminator"]["mapping"]
    return str(mapping[type_].rpartition("/")[2])


def test_every_type_is_described_and_no_other(description: Any) -> None:
    event = description["components"]["schemas"]["Event"]
    assert set(event["discriminator"]["mapping"]) == event_types()
    assert [one["$ref"] for one in event["oneOf"]] == list(event["discriminator"]["mapping"].values())


def test_typing_is_described_to_the_letter(description: Any, ann: Person, engine: Engine, chat: Any) -> None:
    with engine.connect() as connection:
        body = json.loads(typing(connection, ann.id, chat.id).body)
    accepts(description, "TypingEvent").validate(body)


@pytest.mark.parametrize(
    ("schema", "frame"),
    [
        ("ReadyEvent", lambda: frames.ready(1, {1: Place(1, 1)})),
        ("ReadyEvent", lambda: frames.ready(1, None)),
        ("ResetEvent", lambda: frames.reset({})),
        ("ByeEvent", lambda: frames.bye("restart")),
    ],
)
def test_what_tells_of_the_stream_is_described_to_the_letter(
    description: Any, schema: str, frame: Callable[[], bytes]
) -> None:
    (line,) = [line for line in frame().decode().split("\n") if line.startswith("data: ")]
    for name in (schema, "StreamEvent"):
        accepts(description, name).validate(json.loads(line.removeprefix("data: ")))


def test_a_field_that_is_not_described_would_be_seen(description: Any, recorded: Recorded) -> None:
    body = recorded["message.created"][0]
    with pytest.raises(ValidationError):
        accepts(description, "MessageCreatedEvent").validate(body | {"mood": "good"})
    with pytest.raises(ValidationError):
        accepts(description, "MessageCreatedEvent").validate(body | {"message": body["message"] | {"mood": "good"}})
