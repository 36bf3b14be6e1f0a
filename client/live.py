"""Shows what the stream brings, in a thread of its own."""

import threading
import time
from contextlib import suppress

import httpx

from client.api import Refused, SessionOver
from client.chats import Chats
from client.commands import Commands
from client.messages import Messages
from client.screen import Screen, clean
from client.stream import Event, Stream

AGAIN = "Run bin/chat again to sign in."


class Live:
    """`busy` is held while an event is handled, and by whoever else reads messages to show them."""

    def __init__(self, chats: Chats, messages: Messages, commands: Commands, screen: Screen) -> None:
        self.chats, self.messages, self.commands, self.screen = chats, messages, commands, screen
        self.busy = threading.Lock()
        self.is_live: bool | None = None

    def follow(self, stream: Stream) -> None:
        """Until the stream is closed, or the session is over."""
        while not stream.closed:
            try:
                for event in stream:
                    with self.busy:
                        self.show(event)
            except SessionOver as over:
                self.screen.end(f"{over} {AGAIN}")
                return
            except (httpx.HTTPError, OSError, Refused):
                time.sleep(1)  # what the event needed could not be had: the stream begins again with this event

    def tell(self, live: bool) -> None:
        """That the stream is there, or is not: once for each change."""
        if live != self.is_live:
            self.screen.dim("(live)" if live else "(the stream is away; coming back)")
        self.is_live = live

    def show(self, event: Event) -> None:
        was_open, title = self.chats.open, self.chats.title(self.chats.open) if self.chats.open else ""
        self.chats.apply(event)
        if event.type == "message.created":
            self._show_message(event)
        elif event.type in ("message.updated", "message.deleted"):
            self.messages.show_change(event.data["message"], event.data["actor_id"])
        elif event.type == "workspace.member_added" and event.data["user_id"] != self.chats.me["id"]:
            self.screen.dim(f"({clean(self.chats.name_of(event.data['user_id']))} is now in the workspace)")
        elif event.type == "reset" and self.chats.open:
            self.screen.dim("(the stream was away for too long; this is how the chat stands now)")
            self.commands.open(str(self.chats.open))
        if was_open and self.chats.open is None:
            self.screen.show(f"({clean(title)} is gone, or you are not in it any more)")

    def _show_message(self, event: Event) -> None:
        message = event.data["message"]
        news = self.messages.show_new(message)
        if news and message["chat_id"] == self.chats.open and message["sender_id"] != self.chats.me["id"]:
            with suppress(Refused):  # removed from it meanwhile, which the next event says
                self.chats.read(message["chat_id"])
