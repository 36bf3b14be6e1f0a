"""What becomes of a line that the person has typed."""

from uuid import uuid4

import httpx

from client.api import Api, Refused, SessionOver
from client.chats import Chats
from client.commands import Commands, Quit
from client.live import AGAIN, Live
from client.screen import Screen, clean

AWAY = "the server is away; say it again in a moment"
GONE = "That is not there any more, or not for you to see."


class Talk:
    """`unsent` is what could not be said: chat, text, and the `client_id` that makes one message of all tries."""

    def __init__(self, api: Api, chats: Chats, commands: Commands, screen: Screen, live: Live) -> None:
        self.api, self.chats, self.commands, self.screen, self.live = api, chats, commands, screen, live
        self.unsent: tuple[int, str, str] | None = None

    def run(self) -> int:
        """Takes lines until the input ends or the person goes; the exit status."""
        try:
            while (line := self.screen.ask(self._prompt, self.unsent[1] if self.unsent else "")) is not None:
                self.take(line)
        except Quit:
            return 0
        except SessionOver as over:
            self.screen.show(f"{over} {AGAIN}")
            return 1
        return int(self.screen.ended)

    def take(self, line: str) -> None:
        """Raises Quit, or SessionOver when it has said what was not sent."""
        try:
            if line.startswith("/") and not line.startswith("//"):
                self.unsent = None
                with self.live.busy:
                    self.commands.run(line)
            elif line.strip():
                self._say(line[1:] if line.startswith("//") else line)
            else:
                self.unsent = None
        except LookupError as no:
            self.screen.show(str(no))
        except Refused as no:
            self.screen.show(GONE if no.code == "not_found" else str(no))
        except httpx.HTTPError:
            self.screen.show(f"Not done: {AWAY}.")
        except OSError as error:
            self.screen.show(f"{error.filename}: {error.strerror}")

    def _prompt(self) -> str:
        return f"{clean(self.chats.title(self.chats.open)) if self.chats.open else ''}> "

    def _say(self, text: str) -> None:
        if self.chats.open is None:
            raise LookupError(f"{self.chats.nowhere()} Not sent: {clean(text)}")
        again = self.unsent if self.unsent and self.unsent[:2] == (self.chats.open, text) else None
        self.unsent = again or (self.chats.open, text, uuid4().hex)
        try:
            self.api.post_message(*self.unsent)
        except SessionOver:
            self.screen.show(f"Not sent: {clean(text)}")
            raise
        except Refused as no:
            self._not_sent(text, "you are not in this chat any more" if no.code == "not_found" else str(no).rstrip("."))
        except httpx.HTTPError:
            self._not_sent(text, AWAY)
        else:
            self.unsent = None

    def _not_sent(self, text: str, why: str) -> None:
        self.screen.show(f"Not sent ({why}): {clean(text)}")
