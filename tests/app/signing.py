"""Signs people up over the API, for tests that are about accounts."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

PASSWORD = "correct horse battery staple"


@dataclass
class Account:
    """One sign-in of one person, with the token pair as it is now."""

    client: FlaskClient
    email: str
    id: int
    access_token: str
    refresh_token: str

    def call(self, method: str, path: str, json: Any = None, token: str | None = None, **options: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {token or self.access_token}"} | options.pop("headers", {})
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

    def refresh(self, token: str | None = None) -> TestResponse:
        return self.client.post("/api/auth/refresh", json={"refresh_token": token or self.refresh_token})

    def is_signed_in(self) -> bool:
        return self.get("/api/users/me").status_code == 200


def an_email() -> str:
    return f"person.{uuid4().hex[:12]}@example.org"


def sign_up(client: FlaskClient, **fields: Any) -> Account:
    body = {"email": an_email(), "password": PASSWORD, "name": "Ann"} | fields
    answer = client.post("/api/auth/signup", json=body)
    assert answer.status_code == 201, answer.text
    return _account(client, answer.json)


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD, **options: Any) -> Account:
    answer = client.post("/api/auth/signin", json={"email": email, "password": password}, **options)
    assert answer.status_code == 200, answer.text
    return _account(client, answer.json)


def _account(client: FlaskClient, body: Any) -> Account:
    user = body["user"]
    return Account(client, user["email"], user["id"], body["access_token"], body["refresh_token"])


def assert_problem(answer: TestResponse, status: int, code: str) -> None:
    """A problem of the promised form."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    body = answer.json
    assert (body["status"], body["code"]) == (status, code), body
    assert body["request_id"] == answer.headers["X-Request-ID"]
    assert body["title"]
    assert body["detail"]
    assert body["type"]
