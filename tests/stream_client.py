"""A client of the event stream as a careful person would write it: a thread reads, tests look at what came."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True)
class Received:
    type: str
    data: Any
    id: str | None


class StreamClient:
    """Connects at once and waits for `ready`. `last_id` is what to resume from; `ended` is set when the stream is."""

    def __init__(self, url: str, token: str | None, cursor: str | None = None, query: str = "") -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if cursor is not None:
            headers["Last-Event-ID"] = cursor
        self.events: list[Received] = []
        self.comments = 0
        self.last_id = cursor
        self.ended = threading.Event()
        self.news = threading.Condition()
        self.client = httpx.Client(timeout=httpx.Timeout(30, read=60))
        request = self.client.build_request("GET", f"{url}/api/notifications/events{query}", headers=headers)
        self.response = self.client.send(request, stream=True)
        if self.response.status_code != 200:
            self.response.read()
            self.ended.set()
            return
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()
        self.expect("ready")

    def _read(self) -> None:
        type_, data, id_ = "message", [], None
        try:
            for line in self.response.iter_lines():
                name, _, value = line.partition(": ")
                if name == "event":
                    type_ = value
                elif name == "data":
                    data.append(value)
                elif name == "id":
                    id_ = value
                elif line.startswith(":"):
                    self.comments += 1
                elif not line:
                    self._dispatch(type_, data, id_)
                    type_, data, id_ = "message", [], None
        except (httpx.HTTPError, httpx.StreamError, OSError, RuntimeError):
            pass
        finally:
            self.ended.set()
            with self.news:
                self.news.notify_all()

    def _dispatch(self, type_: str, data: list[str], id_: str | None) -> None:
        with self.news:
            if id_ is not None:
                self.last_id = id_
            if data:
                self.events.append(Received(type_, json.loads("\n".join(data)), id_))
            self.news.notify_all()

    def wait_for(self, found: Callable[[list[Received]], Any], seconds: float = 30) -> Any:
        """The first true value of `found(events)`; fails when it does not come in time."""
        end = time.monotonic() + seconds
        with self.news:
            while not (result := found(self.events)):
                left = end - time.monotonic()
                if left <= 0 or (self.ended.is_set() and not self.news.wait(0.01)):
                    raise AssertionError(f"did not come; got {[(e.type, e.data) for e in self.events][-12:]}")
                self.news.wait(min(left, 0.5))
            return result

    def expect(self, type_: str, seconds: float = 30, **fields: Any) -> Received:
        """Waits for an event of this type whose data has these fields."""

        def first(events: list[Received]) -> Received | None:
            for event in events:
                if event.type == type_ and all(event.data.get(k) == v for k, v in fields.items()):
                    return event
            return None

        found: Received = self.wait_for(first, seconds)
        return found

    def expect_message(self, content: str, seconds: float = 30) -> Received:
        return self.wait_for(  # type: ignore[no-any-return]
            lambda events: next(
                (e for e in events if e.type == "message.created" and e.data["message"]["content"] == content), None
            ),
            seconds,
        )

    def types(self) -> list[str]:
        return [event.type for event in self.events]

    def lasting(self) -> list[Received]:
        """Everything but control events and what passes."""
        return [e for e in self.events if e.type not in ("ready", "reset", "bye", "typing", "presence")]

    def messages(self, chat_id: int | None = None) -> list[Any]:
        created = [e.data["message"] for e in self.events if e.type == "message.created"]
        return [m for m in created if chat_id in (None, m["chat_id"])]

    def close(self) -> None:
        self.response.close()
        self.client.close()
