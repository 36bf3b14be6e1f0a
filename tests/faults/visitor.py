"""A client of the REST API for the rig's own errands, patient with a system that is being broken."""

import time
from itertools import cycle
from typing import Any

import httpx

from tests.faults.errors import RigError

PATIENCE = 40.0
PASSWORD = "correct horse battery"


class Visitor:
    """`urls` are those of web; a call that fails is tried again at the next one."""

    def __init__(self, urls: list[str]) -> None:
        self._urls = cycle(urls)
        self._http = httpx.Client(timeout=8)

    def call(self, method: str, path: str, body: Any = None, token: str | None = None) -> tuple[int, Any]:
        """Status and answer; raises RigError if there is none below 500 for long."""
        until = time.monotonic() + PATIENCE
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        while True:
            try:
                answer = self._http.request(method, next(self._urls) + path, json=body, headers=headers)
                if answer.status_code < 500:
                    return answer.status_code, answer.json() if answer.content else None
            except (httpx.HTTPError, ValueError):
                pass
            if time.monotonic() > until:
                raise RigError(f"{method} {path} was not answered for {PATIENCE:g} s")
            time.sleep(0.2)

    def get(self, path: str, token: str) -> Any:
        return self._expect(200, "GET", path, None, token)

    def post(self, path: str, body: Any, token: str | None = None) -> Any:
        """What was made."""
        return self._expect(201, "POST", path, body, token)

    def sign_in(self, email: str) -> str:
        """An access token."""
        answer = self._expect(200, "POST", "/api/auth/signin", {"email": email, "password": PASSWORD}, None)
        return str(answer["access_token"])

    def _expect(self, status: int, method: str, path: str, body: Any, token: str | None) -> Any:
        got, answer = self.call(method, path, body, token)
        if got != status:
            raise RigError(f"{method} {path}: {got} {answer}")
        return answer

    def close(self) -> None:
        self._http.close()
