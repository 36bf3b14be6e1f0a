"""The REST API over httpx: tokens that renew themselves, and sends that are safe to repeat."""

import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx

TRIES = 6
AGAIN = (429, 502, 503, 504)


class Refused(Exception):
    """The service said no; `code` is its word for programs."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.code = status, code


class Api:
    """`keep` is told of each new refresh token, since the old one is spent."""

    def __init__(self, server: str, keep: Callable[[str], None] = lambda token: None) -> None:
        self.server = server.rstrip("/")
        self.http = httpx.Client(base_url=self.server, timeout=10, headers={"User-Agent": "fechatter bin/chat"})
        self.keep = keep
        self.access = self.refresh = ""
        self.lock = threading.Lock()

    def sign_in(self, email: str, password: str) -> None:
        self._take(self._send("POST", "/api/auth/signin", {"email": email, "password": password}))

    def sign_up(self, email: str, password: str, name: str, workspace: str | None) -> None:
        body = {"email": email, "password": password, "name": name} | ({"workspace": workspace} if workspace else {})
        self._take(self._send("POST", "/api/auth/signup", body))

    def resume(self, refresh_token: str) -> None:
        self.refresh = refresh_token
        self.renew("")

    def renew(self, stale: str) -> None:
        """A new pair of tokens, unless another thread has got one since `stale`."""
        with self.lock:
            if self.access == stale:
                self._take(self._send("POST", "/api/auth/refresh", {"refresh_token": self.refresh}))

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """The answer's JSON. Raises Refused, or httpx.TransportError when the service stays away."""
        access = self.access
        try:
            return self._send(method, path, body, access)
        except Refused as no:
            if no.status != 401:
                raise
        self.renew(access)
        return self._send(method, path, body, self.access)

    def post_message(self, chat_id: int, content: str, reply_to: int | None = None) -> Any:
        """One message, however often the network makes us say it: `client_id` tells repeats apart."""
        body = {"content": content, "client_id": uuid4().hex} | ({"reply_to": reply_to} if reply_to else {})
        return self.call("POST", f"/api/chats/{chat_id}/messages", body)

    def _take(self, pair: Any) -> None:
        self.access, self.refresh = pair["access_token"], pair["refresh_token"]
        self.keep(self.refresh)

    def _send(self, method: str, path: str, body: Any = None, access: str = "") -> Any:
        headers = {"Authorization": f"Bearer {access}"} if access else {}
        safe = method == "GET" or path == "/api/auth/refresh" or (isinstance(body, dict) and "client_id" in body)
        for tried in range(TRIES):
            last = tried == TRIES - 1
            try:
                answer = self.http.request(method, path, json=body, headers=headers)
            except httpx.TransportError:
                if last or not safe:
                    raise
                time.sleep(0.25 * 2**tried)
                continue
            if answer.status_code not in AGAIN or last or not (safe or answer.status_code == 429):
                return _read(answer)
            time.sleep(min(float(answer.headers.get("Retry-After", 1)), 10))
        raise AssertionError("unreachable")


def _read(answer: httpx.Response) -> Any:
    if answer.is_success:
        return answer.json() if answer.content else None
    try:
        problem = answer.json()
        reasons = [f"{field}: {' '.join(why)}" for field, why in problem.get("errors", {}).items()]
        raise Refused(answer.status_code, problem["code"], " ".join([problem["detail"], *reasons]))
    except (ValueError, KeyError, TypeError) as odd:
        raise Refused(answer.status_code, "unreadable", f"The server answered {answer.status_code}.") from odd
