"""A service of a few answers, and a screen that keeps its lines: what bin/chat's parts stand between."""

import json
from collections.abc import Callable
from typing import Any

import httpx

from client.screen import Screen

Answer = httpx.Response | Exception | Any

MOMENT = "2026-11-23T09:16:55.952260Z"


class Service:
    """`answers` by method and path without query; `asked` is what came, `last` the newest of each.

    Refresh tokens are good once.
    """

    def __init__(self) -> None:
        self.answers: dict[str, Answer | Callable[[Any], Answer]] = {
            "GET /api/users/me": {"id": 1, "name": "Ann", "email": "ann@example.org"},
            "GET /api/users/2": {"id": 2, "name": "Bob"},
            "GET /api/chats": {"items": [chat(7)], "cursor": "c"},
            "POST /api/auth/signin": lambda body: self._pair() | {"user": {"email": body["email"]}},
            "POST /api/auth/refresh": self._refresh,
        }
        self.asked: list[tuple[str, Any]] = []
        self.last: dict[str, httpx.Request] = {}
        self.generation = 0
        self.over = False
        self.transport = httpx.MockTransport(self._handle)

    def _handle(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content) if request.content else None
        what = f"{request.method} {request.url.path}"
        self.asked.append((what, body))
        self.last[what] = request
        known_token = request.headers.get("Authorization", "") in ("", f"Bearer access-{self.generation}")
        if not known_token or (self.over and "/auth/" not in what):
            return problem(401, "token_expired")
        answer = self.answers.get(what, problem(404, "not_found", "There is nothing here that you may see."))
        answer = answer(body) if callable(answer) else answer
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)

    def _pair(self) -> dict[str, str]:
        self.generation += 1
        return {"access_token": f"access-{self.generation}", "refresh_token": f"refresh-{self.generation}"}

    def _refresh(self, body: Any) -> Answer:
        self.over = self.over or body["refresh_token"] != f"refresh-{self.generation}"
        return problem(401, "token_reused") if self.over else self._pair()

    def times(self, what: str) -> int:
        return sum(asked == what for asked, _ in self.asked)


def problem(status: int, code: str, detail: str = "No.") -> httpx.Response:
    return httpx.Response(status, json={"status": status, "code": code, "detail": detail})


def chat(id: int, last_seq: int = 0, last_read_seq: int = 0, name: str = "general") -> dict[str, Any]:
    counts = {"last_seq": last_seq, "last_read_seq": last_read_seq}
    return {"id": id, "workspace_id": 1, "type": "public_channel", "name": name, "role": "member", **counts}


def message(seq: int, content: str | None = "Hello", **more: Any) -> dict[str, Any]:
    of = {"id": 100 + seq, "chat_id": 7, "seq": seq, "sender_id": 2, "content": content}
    times = {"created_at": MOMENT, "edited_at": None, "deleted_at": MOMENT if content is None else None}
    return {**of, "reply_to": None, **times, **more}


class Paper(Screen):
    """Instead of a terminal."""

    def __init__(self, *typed: str) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.typed = list(typed)
        self.drafts: list[str] = []

    def ask(self, prompt: Callable[[], str], draft: str = "") -> str | None:
        self.drafts.append(draft)
        return self.typed.pop(0) if self.typed else None

    def show(self, line: str) -> None:
        self.lines.append(line)

    def has(self, words: str) -> bool:
        return any(words in line for line in self.lines)
