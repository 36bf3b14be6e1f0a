"""The event stream over httpx: it comes back by itself and goes on right behind the last event it has seen."""

import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from client.api import Api, Refused, SessionOver

SILENCE = 25
"""Seconds: the service says something every 15, so that a longer silence is a broken connection."""

LONGEST_PAUSE = 10.0


@dataclass
class Event:
    """`id` is set if the stream can be resumed behind this event."""

    type: str
    data: Any
    id: str | None


def read_events(lines: Iterator[str]) -> Iterator[Event]:
    """Server-Sent Events from their lines; one without data (an `id:` alone) has None for it."""
    type_, data, id_ = "message", [], None
    for line in lines:
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            type_ = value
        elif field == "data":
            data.append(value)
        elif field == "id":
            id_ = value
        elif not line:
            if data or id_ is not None:
                yield Event(type_, json.loads("\n".join(data)) if data else None, id_)
            type_, data, id_ = "message", [], None


class Stream:
    """`cursor` is where it goes on; `on_state` is told `True` when it is live and `False` when it has broken."""

    def __init__(self, api: Api, notify: str, cursor: str | None, on_state: Callable[[bool], None]) -> None:
        self.api, self.cursor, self.on_state = api, cursor, on_state
        self.http = httpx.Client(timeout=httpx.Timeout(10, read=SILENCE))
        self.url = f"{notify}/api/notifications/events"
        self.closed = False

    def __iter__(self) -> Iterator[Event]:
        """Forever, or until the session has ended (SessionOver)."""
        pause = 0.2
        while not self.closed:
            try:
                for event in self._once():
                    pause = 0.2
                    yield event
            except (httpx.HTTPError, httpx.StreamError, Refused):
                pass  # away or busy, which says nothing of the session
            self.on_state(False)
            time.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - jitter
            pause = min(pause * 2, LONGEST_PAUSE)

    def close(self) -> None:
        self.closed = True
        self.http.close()

    def _once(self) -> Iterator[Event]:
        access = self.api.access
        headers = {"Authorization": f"Bearer {access}"}
        if self.cursor:
            headers["Last-Event-ID"] = self.cursor
        with self.http.stream("GET", self.url, headers=headers) as answer:
            if answer.status_code == 401:
                self.api.renew(access)
                return
            if answer.status_code != 200:
                return
            for event in read_events(answer.iter_lines()):
                # Behind the event in the caller's hands: what it has not handled comes again.
                if event.data is not None:
                    if event.type == "ready":
                        self.on_state(True)
                    if event.type == "bye" and event.data["reason"] != "restart":
                        raise SessionOver(event.data["reason"])
                    yield event
                if event.id is not None:
                    self.cursor = event.id
