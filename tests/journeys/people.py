"""People as clients see the service: REST over HTTP and the event stream, nothing behind them."""

import uuid
from typing import Any

import httpx

from tests.stream_client import StreamClient

PASSWORD = "correct horse battery"


class Guest:
    """Without credentials."""

    def __init__(self, url: str, notify_url: str) -> None:
        self.url, self.notify_url = url, notify_url
        self.http = httpx.Client(base_url=url, timeout=60)

    def sign_up(self, name: str, workspace: str | None = None) -> "Person":
        email = f"{name.lower()}.{uuid.uuid4().hex[:12]}@example.org"
        body = {"email": email, "password": PASSWORD, "name": name} | ({"workspace": workspace} if workspace else {})
        answer = self.http.post("/api/auth/signup", json=body)
        assert answer.status_code == 201, answer.text
        return Person(self, answer.json())

    def sign_in(self, email: str, password: str = PASSWORD) -> "Person":
        answer = self.http.post("/api/auth/signin", json={"email": email, "password": password})
        assert answer.status_code == 200, answer.text
        return Person(self, answer.json())


class Person:
    """Signed in; `get`, `post` … return the JSON of a success and fail on anything else than `status`."""

    def __init__(self, guest: Guest, pair: dict[str, Any]) -> None:
        self.guest, self.user, self.tokens = guest, pair["user"], pair
        self.id, self.email = pair["user"]["id"], pair["user"]["email"]
        bearer = {"Authorization": f"Bearer {pair['access_token']}"}
        self.http = httpx.Client(base_url=guest.url, timeout=60, headers=bearer)
        self.streams: list[StreamClient] = []

    def call(self, method: str, path: str, body: Any = None, status: int | None = None) -> Any:
        answer = self.http.request(method, f"/api{path}", json=body)
        assert answer.is_success if status is None else answer.status_code == status, (answer.status_code, answer.text)
        return answer.json() if answer.content else None

    def get(self, path: str, status: int | None = None) -> Any:
        return self.call("GET", path, None, status)

    def post(self, path: str, body: Any = None, status: int | None = None) -> Any:
        return self.call("POST", path, body, status)

    def patch(self, path: str, body: Any, status: int | None = None) -> Any:
        return self.call("PATCH", path, body, status)

    def delete(self, path: str, status: int | None = None) -> Any:
        return self.call("DELETE", path, None, status)

    def workspace(self) -> Any:
        """The first of its own."""
        return self.get("/workspaces")["items"][0]

    def make_chat(self, workspace_id: int, type: str, name: str | None = None, *others: "Person") -> Any:
        body = {"workspace_id": workspace_id, "type": type, "member_ids": [other.id for other in others]}
        return self.post("/chats", body | ({"name": name} if name else {}))

    def bring_in(self, workspace_id: int, *others: "Person", role: str = "member") -> None:
        """By one invitation that all of them accept."""
        invite = self.post(f"/workspaces/{workspace_id}/invites", {"role": role}, 201)
        for other in others:
            other.post(f"/invites/{invite['token']}/accept", status=200)

    def say(self, chat_id: int, content: str, **more: Any) -> Any:
        return self.post(f"/chats/{chat_id}/messages", {"content": content, **more}, 201)

    def history(self, chat_id: int) -> list[Any]:
        """All of it, page by page from the end."""
        page = self.get(f"/chats/{chat_id}/messages?limit=100")
        items: list[Any] = page["items"]
        while page["has_more_before"]:
            page = self.get(f"/chats/{chat_id}/messages?limit=100&before={items[0]['seq']}")
            items = page["items"] + items
        return items

    def listen(self, cursor: str | None = None) -> StreamClient:
        stream = StreamClient(self.guest.notify_url, self.tokens["access_token"], cursor)
        self.streams.append(stream)
        return stream

    def close(self) -> None:
        for stream in self.streams:
            stream.close()
        self.http.close()
