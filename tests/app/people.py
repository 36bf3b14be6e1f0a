"""People with an access token, and chats with them, committed; for tests that are not about signing in."""

from copy import copy
from typing import Any

from flask import Flask
from flask_jwt_extended import create_access_token
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from fechatter import models
from tests import factories
from tests.factories import committed


class Person:
    """Calls the API as this person: `ann.post("/api/chats/1/read", {"seq": 1})`."""

    def __init__(self, app: Flask, user: models.User, session_id: int) -> None:
        self.id, self.session_id = user.id, session_id
        self.client = app.test_client()
        with app.app_context():
            self.token = create_access_token(str(user.id), additional_claims={"sid": session_id})

    def through(self, app: Flask) -> "Person":
        """The same person, calling another application."""
        other = copy(self)
        other.client = app.test_client()
        return other

    def call(self, method: str, path: str, json: Any = None, **options: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}"} | options.pop("headers", {})
        more = {} if json is None else {"json": json}
        return self.client.open(path, method=method, headers=headers, **more, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.call("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> TestResponse:
        return self.call("POST", path, json, **options)

    def patch(self, path: str, json: Any = None) -> TestResponse:
        return self.call("PATCH", path, json)

    def delete(self, path: str) -> TestResponse:
        return self.call("DELETE", path)


def a_person(app: Flask, engine: Engine, name: str = "") -> Person:
    with committed(engine) as session:
        user = factories.a_user(session, name)
        return Person(app, user, factories.a_session(session, user).id)


def a_chat_of(engine: Engine, *people: Person, type: str = "group", **fields: Any) -> models.Chat:
    """In a workspace of its own; the first of `people` owns it."""
    with committed(engine) as session:
        users = [session.get_one(models.User, person.id) for person in people]
        return factories.a_chat(session, factories.a_workspace(session), type, with_members=users, **fields)
