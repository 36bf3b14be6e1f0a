"""Who may do what in a workspace: every action of the table by every kind of person, over HTTP.

The expectations come from the table below alone: 401 without an account, 404 for who is not in the workspace, 403
for who is and may not.
"""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from fechatter import models
from tests.app.people import a_person
from tests.factories import a_chat, a_message, a_workspace, committed, join_workspace

TABLE = """
GET    /workspaces/{w}                                                            | everyone             | 200
GET    /workspaces/{w}/members                                                    | everyone             | 200
GET    /workspaces/{w}/channels                                                   | everyone             | 200
GET    /users/{a member}                                                          | everyone             | 200
PATCH  /workspaces/{w} {"name": "Other"}                                          | owner, admin         | 200
DELETE /workspaces/{w}                                                            | owner                | 204
GET    /workspaces/{w}/invites                                                    | owner, admin         | 200
POST   /workspaces/{w}/invites {"role": "guest"}                                  | owner, admin         | 201
POST   /workspaces/{w}/invites {"role": "member"}                                 | owner, admin         | 201
POST   /workspaces/{w}/invites {"role": "admin"}                                  | owner                | 201
POST   /workspaces/{w}/invites {"role": "owner"}                                  | owner                | 201
DELETE /workspaces/{w}/invites/{an invite}                                        | owner, admin         | 204
DELETE /workspaces/{w}/members/{a guest}                                          | owner, admin         | 204
DELETE /workspaces/{w}/members/{a member}                                         | owner, admin         | 204
DELETE /workspaces/{w}/members/{an admin}                                         | owner                | 204
DELETE /workspaces/{w}/members/{an owner}                                         |                      | 204
DELETE /workspaces/{w}/members/{oneself}                                          | everyone             | 204
PATCH  /workspaces/{w}/members/{a guest} {"role": "member"}                       | owner, admin         | 200
PATCH  /workspaces/{w}/members/{a member} {"role": "guest"}                       | owner, admin         | 200
PATCH  /workspaces/{w}/members/{a member} {"role": "admin"}                       | owner                | 200
PATCH  /workspaces/{w}/members/{a member} {"role": "owner"}                       | owner                | 200
PATCH  /workspaces/{w}/members/{an admin} {"role": "member"}                      | owner                | 200
PATCH  /workspaces/{w}/members/{an admin} {"role": "owner"}                       | owner                | 200
PATCH  /workspaces/{w}/members/{an owner} {"role": "member"}                      |                      | 200
PATCH  /workspaces/{w}/members/{oneself} {"role": "guest"}                        | everyone             | 200
PATCH  /workspaces/{w}/members/{oneself} {"role": "owner"}                        | owner                | 200
GET    /workspaces/{w}/suspensions                                                | owner, admin         | 200
POST   /workspaces/{w}/suspensions {"user_id": {a guest}}                         | owner, admin         | 201
POST   /workspaces/{w}/suspensions {"user_id": {a member}}                        | owner, admin         | 201
POST   /workspaces/{w}/suspensions {"user_id": {an admin}}                        | owner                | 201
POST   /workspaces/{w}/suspensions {"user_id": {an owner}}                        |                      | 201
POST   /workspaces/{w}/suspensions {"user_id": {oneself}}                         |                      | 201
POST   /workspaces/{w}/suspensions {"user_id": {who left}}                        | owner, admin         | 201
DELETE /workspaces/{w}/suspensions/{a suspended member}                           | owner, admin         | 204
DELETE /workspaces/{w}/suspensions/{a suspended admin}                            | owner                | 204
GET    /workspaces/{w}/reports                                                    | owner, admin         | 200
PATCH  /workspaces/{w}/reports/{a report} {"resolved": true}                      | owner, admin         | 200
GET    /workspaces/{w}/audit                                                      | owner                | 200
POST   /chats {"workspace_id": {w}, "type": "single", "member_ids": [{a member}]} | owner, admin, member | 201
POST   /chats {"workspace_id": {w}, "type": "group", "member_ids": [{a member}]}  | owner, admin, member | 201
POST   /chats {"workspace_id": {w}, "type": "private_channel", "name": "Plans"}   | owner, admin, member | 201
POST   /chats {"workspace_id": {w}, "type": "public_channel", "name": "News"}     | owner, admin, member | 201
"""

ROLES = ("owner", "admin", "member", "guest")
PEOPLE = (*ROLES, "ex-member", "stranger", "no account")
ROWS = [[cell.strip() for cell in line.rsplit("|", 2)] for line in TABLE.strip().splitlines()]
CASES = [pytest.param(*row, who, id=f"{' '.join(row[0].split())}-{who}") for row in ROWS for who in PEOPLE]


def expected(may: str, status: int, who: str) -> int:
    if who == "no account":
        return 401
    if who not in ROLES:
        return 404
    return status if may == "everyone" or who in may.split(", ") else 403


class Scene:
    """People of every role, twice: who acts, and whom things are done to. Workspaces are made as needed."""

    def __init__(self, app: Flask, engine: Engine) -> None:
        self.app, self.engine = app, engine
        self.people = {who: a_person(app, engine) for who in (*ROLES, "ex-member", "stranger")}
        self.targets = {name: a_person(app, engine) for name in ("an owner", "an admin", "a member", "a guest")}
        self.suspended = {f"a suspended {role}": a_person(app, engine) for role in ("admin", "member")}
        self.standing: dict[str, Any] | None = None

    def ids(self, fresh: bool) -> dict[str, Any]:
        """What paths and bodies are made of. Refusals change nothing, so that they may share one workspace."""
        if fresh or self.standing is None:
            made = self._new_workspace()
            if fresh:
                return made
            self.standing = made
        return self.standing

    def _new_workspace(self) -> dict[str, Any]:
        with committed(self.engine) as session:
            workspace = a_workspace(session)
            for name, person in {**self.people, **self.targets, **self.suspended}.items():
                role = name.split()[-1]
                if role in ROLES:
                    join_workspace(session, workspace, session.get_one(models.User, person.id), role)
            gone = self.people["ex-member"].id
            session.add(models.WorkspaceDeparture(workspace_id=workspace.id, user_id=gone, until=1))
            ids = {name: person.id for name, person in self.targets.items()} | {"w": workspace.id, "who left": gone}
            chat = a_chat(session, workspace, "group", [session.get_one(models.User, ids["an owner"])])
            message = a_message(session, chat, session.get_one(models.User, ids["an owner"]))
        owner, path = self.targets["an owner"], f"/api/workspaces/{ids['w']}"
        for name, person in self.suspended.items():
            assert owner.post(f"{path}/suspensions", {"user_id": person.id}).status_code == 201
            ids[name] = person.id
        report = owner.post(f"/api/messages/{message['id']}/reports", {"reason": "Why"}).json
        return ids | {"an invite": owner.post(f"{path}/invites").json["id"], "a report": report["id"]}


@pytest.fixture(scope="module")
def scene(app: Flask, engine: Engine) -> Scene:
    return Scene(app, engine)


def _filled(text: str, ids: dict[str, Any]) -> str:
    for name, value in ids.items():
        text = text.replace("{" + name + "}", str(value))
    return text


@pytest.mark.parametrize(("call", "may", "status", "who"), CASES)
def test_the_table_is_what_the_api_does(app: Flask, scene: Scene, call: str, may: str, status: str, who: str) -> None:
    wanted = expected(may, int(status), who)
    ids = scene.ids(fresh=wanted < 300) | {"oneself": scene.people[who].id if who in scene.people else 1}
    method, path, *body = _filled(call, ids).split(maxsplit=2)
    headers = {"Authorization": f"Bearer {scene.people[who].token}"} if who in scene.people else {}
    answer = app.test_client().open(
        f"/api{path}", method=method, headers=headers, data="".join(body), content_type="application/json"
    )
    assert answer.status_code == wanted, answer.text
