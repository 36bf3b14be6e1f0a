"""What a line that begins with a slash does; each command's docstring is its help."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from client.api import Api, Refused
from client.chats import Chats
from client.messages import Messages
from client.screen import Screen, clean

SHOWN = 20

NO_WORKSPACE = "You are in no workspace yet: /workspace NAME makes one, /join LINK takes up an invitation to one."
NO_CHATS = "No chats yet. /new NAME makes a channel, /browse shows those that there are to /join."
LAST_OWNER = "You are the last owner of {}: /promote PERSON makes somebody in it another, then you can leave."
INVITED = (
    "Send this link. It opens in a browser, which asks to sign up or in, and to accept:",
    "  {url}",
    "Or it is accepted in bin/chat:  /join {url}",
    "Who has no account begins bin/chat with it:  {begin}",
)


class Quit(Exception):
    """The person wants to go."""


class Commands:
    """`run` carries out one line. Refused comes through: the caller shows it.

    A docstring that begins with a word in capitals names what the command cannot do without.
    """

    def __init__(self, api: Api, chats: Chats, messages: Messages, screen: Screen) -> None:
        self.api, self.chats, self.messages, self.screen = api, chats, messages, screen
        self.by_name: dict[str, Callable[[str], None]] = {
            "chats": self.list_chats,
            "open": self.open,
            "more": self.more,
            "new": self.new,
            "dm": self.direct,
            "browse": self.browse,
            "join": self.join,
            "add": self.add,
            "promote": self.promote,
            "leave": self.leave,
            "who": self.who,
            "invite": self.invite,
            "workspace": self.workspace,
            "help": self.help,
            "quit": self.quit,
        }
        self.oldest: int | None = None
        self.latest: int | None = None

    def run(self, line: str) -> None:
        name, _, rest = line[1:].partition(" ")
        matching = [n for n in self.by_name if n.startswith(name)] if name else []
        if name not in self.by_name and len(matching) != 1:
            words = f"/{clean(name)} may be /{' or /'.join(matching)}" if matching else f"There is no /{clean(name)}"
            self.screen.show(f"{words}; /help lists what there is. // says a line that begins with /.")
            return
        name = name if name in self.by_name else matching[0]
        command = self.by_name[name]
        if not rest.strip() and (command.__doc__ or "")[:1].isupper():
            self.screen.show(f"Usage: /{name} {command.__doc__}")
        else:
            command(rest.strip())

    def list_chats(self, _: str) -> None:
        """your chats, and how much in them is unread"""
        names = self.chats.workspace_names()
        for chat_id, chat in sorted(self.chats.list.items(), key=lambda item: int(item[1]["workspace_id"])):
            if name := names.pop(chat["workspace_id"], ""):
                self.screen.dim(clean(name))
            unread = self.chats.unread(chat_id)
            mark = ">" if chat_id == self.chats.open else " "
            self.screen.show(f"{mark} {clean(self.chats.title(chat_id))}" + (f"  ({unread} new)" if unread else ""))
        if not self.chats.list:
            self.screen.show(NO_CHATS if self._workspaces() else NO_WORKSPACE)
        elif self.chats.open is None:
            self.screen.dim("(/open NAME goes to one)")

    def open(self, rest: str) -> None:
        """NAME: go to a chat"""
        chat_id = self.chats.find(rest)
        if chat_id is None:
            self.screen.show(f"No chat of yours is called {clean(rest)!r}. /chats shows yours, /browse others.")
            return
        self.chats.open, self.oldest = chat_id, None
        self.latest = int(self.chats.list[chat_id]["workspace_id"])
        self.screen.show(f"--- {clean(self.chats.title(chat_id))} ---")
        self.more("")
        self.chats.read(chat_id)

    def more(self, _: str) -> None:
        """older messages of this chat"""
        before = f"&before={self.oldest}" if self.oldest else ""
        page = self.api.call("GET", f"/api/chats/{self._here()}/messages?limit={SHOWN}{before}")
        self.messages.show_history(page["items"])
        if page["items"]:
            self.oldest = page["items"][0]["seq"]
            self.chats.count(self._here(), page["items"][-1])
        else:
            self.screen.dim("(nothing older)" if before else "(nothing here yet: type a message, Enter sends it)")
        if page["has_more_before"]:
            self.screen.dim("(/more shows older ones)")

    def new(self, rest: str) -> None:
        """NAME: make a public channel (/new *NAME: a private one)"""
        kind = "private_channel" if rest.startswith("*") else "public_channel"
        body = {"workspace_id": self._workspace(), "type": kind, "name": rest.lstrip("#*"), "member_ids": []}
        self._enter(self.api.call("POST", "/api/chats", body))

    def direct(self, rest: str) -> None:
        """PERSON[, PERSON]: talk to one person, or to several as a group"""
        ids = [self._person(name.strip()) for name in rest.split(",")]
        kind = "single" if len(ids) == 1 else "group"
        self._enter(
            self.api.call("POST", "/api/chats", {"workspace_id": self._workspace(), "type": kind, "member_ids": ids})
        )

    def browse(self, _: str) -> None:
        """the public channels of the workspace"""
        channels = list(self.api.pages(f"/api/workspaces/{self._workspace()}/channels"))
        for name, is_member in ((clean(channel["name"]), channel["is_member"]) for channel in channels):
            self.screen.show(f"  #{name}" + ("" if is_member else f"  (/join {name} enters it)"))
        if not channels:
            self.screen.show("No public channels here yet. /new NAME makes one.")

    def join(self, rest: str) -> None:
        """LINK or CHANNEL: take up an invitation, or enter a public channel"""
        if "/invite/" in rest:
            self._accept(rest.rstrip("/").rpartition("/")[2])
            return
        name = rest.removeprefix("#").casefold()
        channels = self.api.pages(f"/api/workspaces/{self._workspace()}/channels")
        found = next((channel for channel in channels if channel["name"].casefold() == name), None)
        if found is None:
            raise LookupError(f"There is no public channel {clean(rest)!r} here: /browse shows those that there are.")
        self._enter(self.api.call("POST", f"/api/chats/{found['id']}/join"))

    def add(self, rest: str) -> None:
        """PERSON[, PERSON]: add people to this chat"""
        ids = [self._person(name.strip()) for name in rest.split(",")]
        self.api.call("POST", f"/api/chats/{self._here()}/members", {"user_ids": ids})
        self.screen.show(f"In {clean(self.chats.title(self._here()))} now: {clean(rest)}")

    def promote(self, rest: str) -> None:
        """PERSON: make somebody in this chat an owner of it, beside you"""
        here, user_id = self._here(), self._person(rest)
        if user_id == self.chats.me["id"]:
            raise LookupError("That is you. Somebody else in this chat is meant: /who shows them.")
        try:
            self.api.call("PATCH", f"/api/chats/{here}/members/{user_id}", {"role": "owner"})
        except Refused as no:
            if no.code != "not_found":
                raise
            raise LookupError(f"{clean(rest)} is not in this chat: /add {clean(rest)} comes first.") from no
        self.screen.show(f"{clean(rest)} is an owner of {clean(self.chats.title(here))} now.")

    def leave(self, _: str) -> None:
        """leave this chat"""
        here = self._here()
        try:
            self.api.call("POST", f"/api/chats/{here}/leave")
        except Refused as no:
            if no.code != "last_owner":
                raise
            raise LookupError(LAST_OWNER.format(clean(self.chats.title(here)))) from no
        self.screen.show(f"You have left {clean(self.chats.title(here))}. /chats shows the others.")
        self.chats.drop(here)

    def who(self, _: str) -> None:
        """the people in this chat"""
        for member in self.api.pages(f"/api/chats/{self._here()}/members"):
            self.screen.show(f"  {clean(member['name'])}  ({member['role']})")

    def invite(self, rest: str) -> None:
        """[E-MAIL]: make a link for a browser or /join, that lets people into the workspace"""
        made = self.api.call("POST", f"/api/workspaces/{self._workspace()}/invites", {"email": rest} if rest else {})
        begin = f"bin/chat --server {made['url'].rpartition('/invite/')[0]} --sign-up NAME --invite {made['url']}"
        for line in INVITED:
            self.screen.show(line.format(url=made["url"], begin=begin))

    def workspace(self, rest: str) -> None:
        """NAME: make a workspace of your own"""
        made = self.api.call("POST", "/api/workspaces", {"name": rest})
        self.chats.open, self.latest = None, made["id"]
        self.screen.show(f"{clean(made['name'])} is yours. /new NAME makes a channel, /invite brings people in.")

    def help(self, _: str) -> None:
        """this list"""
        for name, command in self.by_name.items():
            self.screen.show(f"  /{name:<10} {command.__doc__}")
        self.screen.show("  Anything else is said in the open chat; // begins a message that begins with a slash.")

    def quit(self, _: str) -> None:
        """leave; the session is kept for the next time"""
        raise Quit

    def _enter(self, chat: dict[str, Any]) -> None:
        self.chats.list[chat["id"]] = chat
        self.open(str(chat["id"]))

    def _here(self) -> int:
        if self.chats.open is None:
            raise LookupError(self.chats.nowhere())
        return self.chats.open

    def _workspace(self) -> int:
        """That of the open chat, else the one that was latest made, entered or looked into, else the first one."""
        if self.chats.open is not None:
            return int(self.chats.list[self.chats.open]["workspace_id"])
        mine = self._workspaces()
        if not mine:
            raise LookupError(NO_WORKSPACE)
        ids = [int(workspace["id"]) for workspace in mine]
        return next((id for id in ids if id == self.latest), ids[0])

    def _workspaces(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.api.call("GET", "/api/workspaces")["items"]
        return found

    def _person(self, name: str) -> int:
        wanted = name.lstrip("@").casefold()
        for member in self.api.pages(f"/api/workspaces/{self._workspace()}/members") if wanted else ():
            if wanted in (member["name"].casefold(), str(member.get("email", "")).casefold()):
                return int(member["user_id"])
        raise LookupError(f"Nobody here is called {clean(name)!r}. /invite brings people into the workspace.")

    def _accept(self, token: str) -> None:
        try:
            workspace = self.api.call("POST", f"/api/invites/{quote(token, safe='')}/accept")
        except Refused as no:
            if no.code != "not_found":
                raise
            words = "That invitation is not good here: used up, expired, withdrawn, or for another account than yours"
            raise LookupError(f"{words} ({self.chats.me['email']}).") from no
        self.screen.show(f"Welcome to {clean(workspace['name'])}. /browse shows its channels.")
        self.chats.open, self.latest = None, workspace["id"]
        self.chats.fetch()
