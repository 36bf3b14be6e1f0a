"""Puts messages on the screen: each once, changes as such, and replies with what they reply to."""

from collections.abc import Iterable
from datetime import datetime
from math import inf
from typing import Any

from client.api import Api, Refused
from client.chats import Chats
from client.screen import Screen, clean, clock

KEPT = 10_000


class Messages:
    """History is fresh while the stream begins where the list was read: what is in both is shown once."""

    def __init__(self, api: Api, chats: Chats, screen: Screen) -> None:
        self.api, self.chats, self.screen = api, chats, screen
        self.highest: dict[int, int] = {}
        self.known: dict[int, dict[str, Any]] = {}

    def show_history(self, messages: Iterable[dict[str, Any]]) -> None:
        for message in messages:
            self._show(message)

    def show_new(self, message: dict[str, Any]) -> bool:
        """False if it stands on the screen already: in a chat, messages come in the order of their seq."""
        news: bool = message["seq"] > self.highest.get(message["chat_id"], 0)
        if news:
            self._show(message)
        return news

    def show_change(self, message: dict[str, Any], actor_id: int) -> None:
        """An edit or a deletion, unless the screen has the message like that or newer."""
        known = self.known.get(message["id"])
        if known and _state(message) <= _state(known):
            return
        whose = "the" if actor_id == message["sender_id"] else f"{clean(self.chats.name_of(message['sender_id']))}'s"
        done = "deleted" if message["content"] is None else "edited"
        text = "" if message["content"] is None else f": {clean(message['content'])}"
        line = f"~ {clean(self.chats.name_of(actor_id))} {done} {whose} message of {clock(message['created_at'])}{text}"
        self._on_screen(message, line)

    def _show(self, message: dict[str, Any]) -> None:
        text = "(deleted)" if message["content"] is None else clean(message["content"])
        edited = " (edited)" if message["edited_at"] and message["content"] is not None else ""
        name = clean(self.chats.name_of(message["sender_id"])) + self._answered(message)
        self._on_screen(message, f"{clock(message['created_at'])}  {name}: {text}{edited}")
        self.highest[message["chat_id"]] = max(message["seq"], self.highest.get(message["chat_id"], 0))

    def _on_screen(self, message: dict[str, Any], line: str) -> None:
        """Noted last: if a name could not be asked for, the same event comes again and is still news."""
        elsewhere = "" if message["chat_id"] == self.chats.open else self.chats.title(message["chat_id"])
        self.screen.line(line, elsewhere)
        self.known[message["id"]] = message
        if len(self.known) > KEPT:
            del self.known[next(iter(self.known))]

    def _answered(self, message: dict[str, Any]) -> str:
        """` (to Bob, 12:03)`, if it is a reply."""
        if not message["reply_to"]:
            return ""
        first = self.known.get(message["reply_to"])
        try:
            first = first or self.api.call("GET", f"/api/messages/{message['reply_to']}")
        except Refused:
            return " (in reply)"
        return f" (to {clean(self.chats.name_of(first['sender_id']))}, {clock(first['created_at'])})"


def _state(message: dict[str, Any]) -> float:
    """Rises with each change; nothing comes after a deletion."""
    return inf if message["content"] is None else _seconds(message["edited_at"] or message["created_at"])


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()
