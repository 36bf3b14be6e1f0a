"""What the person sees of its chats: a copy of the list that the stream's events keep up to date."""

from contextlib import suppress
from typing import Any

from client.api import Api, Refused
from client.stream import Event

SIGNS = {"single": "@", "group": "&", "private_channel": "*", "public_channel": "#"}


class Chats:
    """`open` is the id of the chat on screen. Names of people and of workspaces are asked for once."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.me: dict[str, Any] = api.call("GET", "/api/users/me")
        self.names: dict[int, str] = {self.me["id"]: self.me["name"]}
        self.workspaces: dict[int, str] = {}
        self.list: dict[int, dict[str, Any]] = {}
        self.open: int | None = None
        self.cursor = ""
        self.fetch()

    def fetch(self) -> None:
        """Afresh, with the cursor behind which the events go on. Past the cache, for numbers that are of now."""
        answer = self.api.call("GET", "/api/chats", fresh=True)
        self.list = {chat["id"]: chat for chat in answer["items"]}
        self.open = self.open if self.open in self.list else None
        self.cursor = answer["cursor"]

    def name_of(self, user_id: int) -> str:
        if user_id not in self.names:
            try:
                self.names[user_id] = self.api.call("GET", f"/api/users/{user_id}")["name"]
            except Refused:
                return "someone"
        return self.names[user_id]

    def workspace_names(self) -> dict[int, str]:
        """By id, of those that the chats are in; empty if that is one. Asked for when there is an unknown one."""
        ids = {chat["workspace_id"] for chat in self.list.values()}
        if len(ids) > 1 and not ids <= self.workspaces.keys():
            self.workspaces = {one["id"]: one["name"] for one in self.api.call("GET", "/api/workspaces")["items"]}
        return {id: self.workspaces.get(id, f"workspace {id}") for id in ids} if len(ids) > 1 else {}

    def title(self, chat_id: int) -> str:
        """`#general`, `*secret`, `@Bob`, `&Ann, Bob`."""
        chat = self.list.get(chat_id)
        if chat is None:
            return f"chat {chat_id}"
        name = chat["name"] or ", ".join(self.name_of(u) for u in chat["member_ids"] or () if u != self.me["id"])
        return SIGNS[chat["type"]] + (name or "nobody")

    def nowhere(self) -> str:
        """What to do while no chat is open."""
        if self.list:
            return "No chat is open: /open NAME, or /chats to see them."
        return "You have no chat yet: /chats says how to come to one."

    def find(self, word: str) -> int | None:
        """By its number, its title, or the beginning of its name."""
        if word.isdigit() and int(word) in self.list:
            return int(word)
        wanted = word.lstrip("".join(SIGNS.values())).casefold()
        titles = {chat_id: self.title(chat_id)[1:].casefold() for chat_id in self.list}
        exact = [c for c, title in titles.items() if title == wanted]
        return next(iter(exact or [c for c, title in titles.items() if wanted and title.startswith(wanted)]), None)

    def apply(self, event: Event) -> None:
        """Brings the list to where the event says it is; applying one twice, or an old one, does no harm."""
        data, chat_id = event.data, event.data.get("chat_id")
        if event.type == "reset":
            self.fetch()
        elif event.type in ("chat.created", "chat.updated"):
            self._renew(chat_id, data["chat"], is_new=event.type == "chat.created")
        elif event.type == "chat.deleted" or (event.type == "member.removed" and data["user_id"] == self.me["id"]):
            self.drop(chat_id)
        elif event.type == "workspace.deleted":
            for gone in [c for c, chat in self.list.items() if chat["workspace_id"] == data["workspace_id"]]:
                self.drop(gone)
        elif chat := self.list.get(chat_id):
            if event.type == "message.created":
                self.count(chat_id, data["message"])
            elif event.type == "read.updated":
                chat["last_read_seq"] = max(chat["last_read_seq"], data["last_read_seq"])

    def count(self, chat_id: int, message: dict[str, Any]) -> None:
        """The chat has got this far; one's own message is read."""
        chat = self.list[chat_id]
        chat["last_seq"] = max(chat["last_seq"], message["seq"])
        if message["sender_id"] == self.me["id"]:
            chat["last_read_seq"] = max(chat["last_read_seq"], message["seq"])

    def drop(self, chat_id: int) -> None:
        self.list.pop(chat_id, None)
        self.open = None if self.open == chat_id else self.open

    def _renew(self, chat_id: int, told: dict[str, Any], is_new: bool) -> None:
        """Channels are told of to the whole workspace: whether a new one is one's own has to be asked."""
        chat = self.list.get(chat_id)
        if chat:
            chat |= told | {"last_seq": max(chat["last_seq"], told["last_seq"])}
        elif is_new:
            with suppress(Refused):
                asked = self.api.call("GET", f"/api/chats/{chat_id}")
                if asked["role"]:
                    self.list[chat_id] = asked

    def unread(self, chat_id: int) -> int:
        chat = self.list[chat_id]
        return max(0, int(chat["last_seq"]) - int(chat["last_read_seq"]))

    def read(self, chat_id: int) -> None:
        """Notes on the server that all of the chat has been seen."""
        if self.unread(chat_id):
            chat = self.list[chat_id]
            self.api.call("POST", f"/api/chats/{chat_id}/read", {"seq": chat["last_seq"]})
            chat["last_read_seq"] = chat["last_seq"]
