"""The rules of what happens in chats."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.stateful.audience import Workspace
from tests.stateful.machine import MOST_CHATS, Machine, actor, chat_role, freely, name, people, person, some, text

with_chats = precondition(lambda self: self.model.chats)
with_messages = precondition(lambda self: self.model.messages)


TYPES = ("single", "group", "private_channel", "public_channel")


class ChatMachine(Machine):
    def furnish(self) -> None:
        workspace, message = self.workspace(0), "Hello"
        for type in TYPES:
            # Of a public channel the others hear by being in the workspace.
            others = {self.id(who) for who in {"single": (1,), "public_channel": ()}.get(type, (1, 2))}
            self.new_chat(0, workspace, type, "Start", others)
            chat = self.model.chats[-1]
            expected = self.model.post(self.id(0), chat, message, None)
            self.make(0, f"/chats/{chat.id}/messages", {"content": message}, expected)

    def new_chat(self, who: int, workspace: Workspace, type: str, name: str, ids: set[int]) -> None:
        called = None if type == "single" else f"{name} {type}"
        expected = self.model.make_chat(self.id(who), workspace, type, called, ids)
        body = {"workspace_id": workspace.id, "type": type, "name": called, "member_ids": sorted(ids)}
        self.make(who, "/chats", body, expected)

    def of_the_workspace(self, others: set[int], workspace: Workspace, freely: bool) -> set[int]:
        ids = {self.id(other) for other in others}
        return ids if freely else ids & set(workspace.roles)

    def teardown(self) -> None:
        try:
            self.last_words()
        finally:
            super().teardown()

    def last_words(self) -> None:
        """In each chat that stands, and to all that hear of a channel, one of whom has just become a guest: whoever
        hears them and must not is found out, and so is who misses them."""
        for workspace in (workspace for workspace in self.model.workspaces if not workspace.is_deleted):
            owner, *_ = (one for one, role in workspace.roles.items() if role == "owner")
            for other in [one for one, role in workspace.roles.items() if role == "member"][:1]:
                status = self.model.change_workspace_role(owner, workspace, other, "guest")
                path = f"/workspaces/{workspace.id}/members/{other}"
                self.call(self.model.people.index(owner), "PATCH", path, status, {"role": "guest"})
        for chat in self.model.chats:
            if chat.is_deleted or chat.workspace.is_deleted or not chat.roles:
                continue
            owners = [person for person, role in chat.roles.items() if role == "owner"]
            person = owners[0] if owners else next(iter(chat.roles))
            who, name = self.model.people.index(person), f"The last {next(self.names)}"
            expected = self.model.post(person, chat, name, None)
            self.make(who, f"/chats/{chat.id}/messages", {"content": name}, expected)
            if chat.type == "public_channel":
                self.call(who, "PATCH", f"/chats/{chat.id}", self.model.rename(person, chat, name), {"name": name})

    @precondition(lambda self: len(self.model.chats) < MOST_CHATS)
    @rule(
        who=actor,
        where=some,
        type=st.sampled_from(TYPES),
        name=name,
        others=people,
        freely=freely,
    )
    def make_chat(self, who: int, where: int, type: str, name: str, others: set[int], freely: bool) -> None:
        workspace = self.workspace(where)
        who = self.among(who, workspace.roles)
        ids = self.of_the_workspace(others, workspace, freely)
        if type == "single" and not freely:
            ids = set(sorted(ids - {self.id(who)})[:1])
        self.new_chat(who, workspace, type, name, ids)

    @with_chats
    @rule(who=actor, where=some, others=st.sets(person, min_size=1), freely=freely)
    def add_members(self, who: int, where: int, others: set[int], freely: bool) -> None:
        chat = self.chat(where)
        who, ids = self.among(who, chat.roles), self.of_the_workspace(others, chat.workspace, freely)
        if not ids:
            return
        status = self.model.add_members(self.id(who), chat, ids)
        self.call(who, "POST", f"/chats/{chat.id}/members", status, {"user_ids": sorted(ids)})

    @with_chats
    @rule(who=actor, where=some)
    def join(self, who: int, where: int) -> None:
        chat = self.chat(where)
        who = self.among(who, chat.roles)
        self.call(who, "POST", f"/chats/{chat.id}/join", self.model.join(self.id(who), chat))

    @with_chats
    @rule(who=actor, where=some)
    def leave(self, who: int, where: int) -> None:
        chat = self.chat(where)
        who = self.among(who, chat.roles)
        self.call(who, "POST", f"/chats/{chat.id}/leave", self.model.leave(self.id(who), chat))

    @with_chats
    @rule(who=actor, where=some, other=actor)
    def remove(self, who: int, where: int, other: int) -> None:
        chat = self.chat(where)
        who, other = self.among(who, chat.roles), self.among(other, chat.roles)
        status = self.model.remove(self.id(who), chat, self.id(other))
        self.call(who, "DELETE", f"/chats/{chat.id}/members/{self.id(other)}", status)

    @with_chats
    @rule(who=actor, where=some, other=actor, role=chat_role)
    def change_role(self, who: int, where: int, other: int, role: str) -> None:
        chat = self.chat(where)
        who, other = self.among(who, chat.roles), self.among(other, chat.roles)
        status = self.model.change_role(self.id(who), chat, self.id(other), role)
        self.call(who, "PATCH", f"/chats/{chat.id}/members/{self.id(other)}", status, {"role": role})

    @with_chats
    @rule(who=actor, where=some, name=name)
    def rename(self, who: int, where: int, name: str) -> None:
        chat = self.chat(where)
        who = self.among(who, chat.roles)
        self.call(who, "PATCH", f"/chats/{chat.id}", self.model.rename(self.id(who), chat, name), {"name": name})

    @with_chats
    @rule(who=actor, where=some, read_only=st.booleans())
    def set_read_only(self, who: int, where: int, read_only: bool) -> None:
        chat = self.chat(where)
        who = self.among(who, chat.roles)
        status = self.model.set_read_only(self.id(who), chat, read_only)
        self.call(who, "PATCH", f"/chats/{chat.id}", status, {"read_only": read_only})

    @rule(who=person, other=person)
    def block(self, who: int, other: int) -> None:
        status = self.model.block(self.id(who), self.id(other))
        self.call(who, "POST", "/users/me/blocks", status, {"user_id": self.id(other)})

    @precondition(lambda self: self.model.blocks)
    @rule(which=some)
    def unblock(self, which: int) -> None:
        blocks = sorted(self.model.blocks)
        who, other = blocks[which % len(blocks)]
        self.call(self.model.people.index(who), "DELETE", f"/users/me/blocks/{other}", self.model.unblock(who, other))

    @with_messages
    @rule(who=actor, where=some)
    def delete_chat(self, who: int, where: int) -> None:
        chat = self.chat(where)
        who = self.among(who, chat.roles)
        self.call(who, "DELETE", f"/chats/{chat.id}", self.model.delete_chat(self.id(who), chat))

    # --- messages; twice the rule, for that is what people do ---

    @with_chats
    @rule(who=actor, where=some, text=text)
    def say(self, who: int, where: int, text: str) -> None:
        chat, mark = self.chat(where), f"mark {next(self.names)}"
        who = self.among(who, chat.roles)
        expected = self.model.post(self.id(who), chat, text, None)
        said = self.make(who, f"/chats/{chat.id}/messages", {"content": text, "client_id": mark}, expected)
        if not isinstance(expected, int):
            again = self.call(who, "POST", f"/chats/{chat.id}/messages", 200, {"content": "again", "client_id": mark})
            assert again == said

    @with_messages
    @rule(who=actor, where=some, text=text, to=some)
    def answer(self, who: int, where: int, text: str, to: int) -> None:
        chat, message = self.chat(where), self.message(to)
        who = self.among(who, chat.roles)
        expected = self.model.post(self.id(who), chat, text, message)
        self.make(who, f"/chats/{chat.id}/messages", {"content": text, "reply_to": message.id}, expected)

    @with_messages
    @rule(who=actor, which=some, text=text)
    def edit(self, who: int, which: int, text: str) -> None:
        message = self.message(which)
        who = self.among(who, message.chat.roles)
        status = self.model.edit(self.id(who), message, text)
        self.call(who, "PATCH", f"/messages/{message.id}", status, {"content": text})

    @with_messages
    @rule(who=actor, which=some)
    def delete_message(self, who: int, which: int) -> None:
        message = self.message(which)
        who = self.among(who, message.chat.roles)
        self.call(who, "DELETE", f"/messages/{message.id}", self.model.delete_message(self.id(who), message))

    @with_chats
    @rule(who=actor, where=some, seq=st.integers(0, 9))
    def read(self, who: int, where: int, seq: int) -> None:
        chat = self.chat(where)
        who = self.among(who, chat.roles)
        self.call(who, "POST", f"/chats/{chat.id}/read", self.model.read(self.id(who), chat, seq), {"seq": seq})

    # --- what is shown ---

    @rule(who=person)
    def look_at_the_list(self, who: int) -> None:
        listed, wanted = self.call(who, "GET", "/chats", 200)["items"], self.model.listed(self.id(who))
        for chat in listed:
            chat["last_message"] = chat["last_message"] and chat["last_message"]["content"]
        names = {name for chat in wanted.values() for name in chat}
        assert {chat["id"]: {name: chat[name] for name in names} for chat in listed} == wanted

    @with_chats
    @rule(who=actor, where=some)
    def look_at_history(self, who: int, where: int) -> None:
        chat = self.chat(where)
        who = self.among(who, chat.roles)
        status = self.model.refusal(self.id(who), chat, self.id(who) in chat.roles) or 200
        page = self.call(who, "GET", f"/chats/{chat.id}/messages?limit=100", status)
        if status == 200:
            said = [(message["seq"], message["content"]) for message in page["items"]]
            assert said == [(message.seq, message.content) for message in chat.said]
