"""Who may do what in a chat: every action of the table, in every type of chat, by every kind of person, over HTTP.

The expectations come from the table below alone: 401 without an account, 404 for those who do not see the chat,
403 for those who see it and may not.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from fechatter import models
from tests.app.people import Person, a_person
from tests.factories import a_chat, a_workspace, committed, join_chat, join_workspace, leave_chat

TYPES = ("single", "group", "private_channel", "public_channel")

TABLE = """
see it                   | two    | members | members      | members, workspace
list its members         | two    | members | members      | members, workspace
read its history         | two    | members | members      | members
read a message           | two    | members | members      | members
post                     | two    | members | members      | members
report a message         | two    | members | members      | members
mark as read             | two    | members | members      | members
type                     | two    | members | members      | members
choose what is pushed    | two    | members | members      | members
see what is pushed       | two    | members | members      | members
rename                   | nobody | members | owner, admin | owner, admin
set topic                | nobody | members | owner, admin | owner, admin
add people               | nobody | members | owner, admin | members
remove a member          | nobody | owner   | owner, admin | owner, admin
remove an owner          | nobody | owner   | nobody       | nobody
change a role            | nobody | owner   | owner        | owner
edit another's message   | nobody | nobody  | nobody       | nobody
delete another's message | nobody | owner   | owner, admin | owner, admin, workspace owner, workspace admin
delete the chat          | nobody | owner   | owner        | owner, workspace owner
join                     | nobody | nobody  | nobody       | members, workspace
leave                    | nobody | members | members      | members
"""

WORDS = {
    "two": {"member", "guest member"},
    "members": {"owner", "admin", "member", "guest member"},
    "workspace": {"ex-member", "outsider", "workspace owner", "workspace admin"},
    "nobody": set[str](),
}
"""What a word of the table stands for; any other is that kind of person."""

IN_CHAT = {"owner": "owner", "admin": "admin", "member": "member", "guest member": "member"}
IN_WORKSPACE = {
    **{"owner": "member", "admin": "member", "member": "member", "guest member": "guest"},
    **{"ex-member": "member", "outsider": "member", "guest": "guest"},
    **{"workspace owner": "owner", "workspace admin": "admin"},
    **{"author": "member", "other owner": "member", "newcomer": "member"},
}
"""Each person's role; `author`, `other owner` (both in every chat but singles) and `newcomer` have things done to."""

PEOPLE = [who for who in IN_WORKSPACE if who not in ("author", "other owner", "newcomer")] + ["stranger", "no account"]

CALLS = {
    "see it": ("GET", "/chats/{chat}", None, 200),
    "list its members": ("GET", "/chats/{chat}/members", None, 200),
    "read its history": ("GET", "/chats/{chat}/messages", None, 200),
    "read a message": ("GET", "/messages/{message}", None, 200),
    "post": ("POST", "/chats/{chat}/messages", {"content": "Hello"}, 201),
    "report a message": ("POST", "/messages/{message}/reports", {"reason": "Why"}, 201),
    "mark as read": ("POST", "/chats/{chat}/read", {"seq": 1}, 200),
    "type": ("POST", "/chats/{chat}/typing", None, 204),
    "choose what is pushed": ("PATCH", "/chats/{chat}/notifications", {"level": "all"}, 200),
    "see what is pushed": ("GET", "/chats/{chat}/notifications", None, 200),
    "rename": ("PATCH", "/chats/{chat}", {"name": "Renamed {chat}"}, 200),
    "set topic": ("PATCH", "/chats/{chat}", {"topic": "Something else"}, 200),
    "add people": ("POST", "/chats/{chat}/members", {"user_ids": ["newcomer"]}, 201),
    "remove a member": ("DELETE", "/chats/{chat}/members/{author}", None, 204),
    "remove an owner": ("DELETE", "/chats/{chat}/members/{other owner}", None, 204),
    "change a role": ("PATCH", "/chats/{chat}/members/{author}", {"role": "admin"}, 200),
    "edit another's message": ("PATCH", "/messages/{message}", {"content": "Changed"}, 200),
    "delete another's message": ("DELETE", "/messages/{message}", None, 204),
    "delete the chat": ("DELETE", "/chats/{chat}", None, 204),
    "join": ("POST", "/chats/{chat}/join", None, 200),
    "leave": ("POST", "/chats/{chat}/leave", None, 204),
}


def _rows() -> Iterator[tuple[str, str, set[str]]]:
    for line in TABLE.strip().splitlines():
        action, *cells = (cell.strip() for cell in line.split("|"))
        for type, cell in zip(TYPES, cells, strict=True):
            yield action, type, set().union(*(WORDS.get(word, {word}) for word in cell.split(", ")))


MAY = {(action, type): people for action, type, people in _rows()}
CASES = [
    pytest.param(action, type, who, id=f"{action}-{type}-{who}")
    for action, type in MAY
    for who in PEOPLE
    if type != "single" or who not in ("owner", "admin")
]


def expected(action: str, type: str, who: str) -> int:
    if who == "no account":
        return 401
    if who not in MAY["see it", type]:
        return 404
    return CALLS[action][3] if who in MAY[action, type] else 403


class Scene(NamedTuple):
    """A workspace with everyone in it who stands in the table, and a stranger from another."""

    engine: Engine
    workspace_id: int
    people: dict[str, Person]
    rooms: dict[tuple[str, str], dict[str, Any]]

    def room(self, type: str, who: str, fresh: bool) -> dict[str, Any]:
        """The ids that paths are made of. Refusals change nothing, so that only what succeeds needs a new room."""
        one = who if who in ("member", "guest member", "ex-member") else "other owner"
        key = (type, one if type == "single" else "")
        # Of two people there is but one single, and nothing that succeeds in it changes it.
        room = None if fresh and type != "single" else self.rooms.get(key)
        if room is None:
            with committed(self.engine) as session:
                room = self._new_room(session, type, one)
        if not fresh or type == "single":
            self.rooms[key] = room
        return room

    def _new_room(self, session: Session, type: str, one: str) -> dict[str, Any]:
        users = {name: session.get_one(models.User, person.id) for name, person in self.people.items()}
        workspace = session.get_one(models.Workspace, self.workspace_id)
        left = users["ex-member"]
        if type == "single":
            chat = a_chat(session, workspace, type, [users[one], users["author"]])
        else:
            chat = a_chat(session, workspace, type, [users["other owner"], users["author"], left])
            for name, role in IN_CHAT.items():
                join_chat(session, chat, users[name], role)
        if type != "single" or one == "ex-member":
            leave_chat(session, chat, left)
        chat.last_seq = 1
        message = models.Message(chat_id=chat.id, seq=1, sender_id=users["author"].id, content="Hello")
        session.add(message)
        session.flush()
        return {"chat": chat.id, "message": message.id} | {name: user.id for name, user in users.items()}


@pytest.fixture(scope="module")
def scene(app: Flask, engine: Engine) -> Scene:
    people = {name: a_person(app, engine, name.replace(" ", ".")) for name in (*IN_WORKSPACE, "stranger")}
    with committed(engine) as session:
        workspace = a_workspace(session)
        for name, role in IN_WORKSPACE.items():
            join_workspace(session, workspace, session.get_one(models.User, people[name].id), role)
        a_workspace(session, session.get_one(models.User, people["stranger"].id))
        return Scene(engine, workspace.id, people, {})


def _filled(body: Any, room: dict[str, Any]) -> Any:
    if isinstance(body, dict):
        return {name: _filled(value, room) for name, value in body.items()}
    if isinstance(body, list):
        return [room[name] for name in body]
    return body.format_map(room) if isinstance(body, str) else body


@pytest.mark.parametrize(("action", "type", "who"), CASES)
def test_the_table_is_what_the_api_does(app: Flask, scene: Scene, action: str, type: str, who: str) -> None:
    status = expected(action, type, who)
    room = scene.room(type, who, fresh=status < 300)
    method, path, body, _ = CALLS[action]
    call = scene.people[who].call if who in scene.people else _without_account(app)
    answer = call(method, "/api" + path.format_map(room), _filled(body, room))
    assert answer.status_code == status, answer.text


def _without_account(app: Flask) -> Any:
    return lambda method, path, json: app.test_client().open(path, method=method, json=json)


def test_the_table_has_a_call_for_each_of_its_rows() -> None:
    assert {action for action, _ in MAY} == set(CALLS)
