"""People who do anything to each other, in the product and in the model side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import uuid4

from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from sqlalchemy import Engine

from fechatter.feed.relay import Publish, relay
from tests.notify.process import Notify
from tests.stateful.audience import Chat, Message, Workspace
from tests.stateful.listening import Listener
from tests.stateful.model import Model
from tests.stateful.workspaces import Make
from tests.world import World

PEOPLE = 4
MOST_WORKSPACES = 2
MOST_CHATS = 7

person, some = st.integers(0, PEOPLE - 1), st.integers(0, 1000)
actor = st.integers(0, 4 * PEOPLE - 1)
"""Who acts, and to whom: one time in four anybody, else somebody who is in the place, and now and then an owner."""
freely = st.integers(0, 3).map(lambda number: number == 0)
"""Whether people are named whoever they are; else they are of the workspace, so that more comes of it."""
people = st.sets(person, max_size=PEOPLE)
name = st.sampled_from(("Tea", "Coffee", "Cake"))
chat_role = st.sampled_from(("owner", "admin", "member"))
workspace_role = st.sampled_from(("owner", "admin", "member", "guest"))
text = st.sampled_from(("Hello", "a\nb", "a\u2028\u2029\x85b", "a\r\r\n\n", "data: x\n\nid: 1\n\n", "🙂"))


@dataclass(frozen=True)
class Setting:
    app: Flask
    engine: Engine
    notify: Notify
    publish: Publish


class Machine(RuleBasedStateMachine):
    """Whoever and whatever a rule names is one of those that are there, so that most of it is refused."""

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self.setting, self.names = setting, count(1)
        world = World(setting.engine)
        self.people = [world.person(f"P{number}") for number in range(PEOPLE)]
        self.model = Model([person.id for person in self.people])
        self.ears = list[Listener]()
        self.make_workspace(0)
        for who, role in ((1, "admin"), (2, "member")):
            self.enter(who, 0, role)
        self.furnish()
        for person, ears in zip(self.people, self.model.audience.ears.values(), strict=True):
            ears.heard.clear()
            self.ears.append(Listener(setting.notify.port, person, ears))

    def furnish(self) -> None:
        """Some chats to begin with: any of the rules may be left out of a run."""
        raise NotImplementedError

    def teardown(self) -> None:
        try:
            for number, listener in enumerate(self.ears):
                if listener.stream is None:
                    self.come_back(number)
                listener.catch_up()
            for listener in self.ears:
                listener.hear_nothing_more()
        finally:
            for listener in self.ears:
                if listener.stream:
                    listener.stream.close()

    # --- how rules speak to the product ---

    def call(self, who: int, method: str, path: str, wanted: int, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self.people[who].token}", "Cache-Control": "no-cache"}
        more = {} if body is None else {"json": body}
        answer = self.setting.app.test_client().open(f"/api{path}", method=method, headers=headers, **more)
        assert answer.status_code == wanted, f"{method} {path} {body}: {answer.text}"
        for workspace in self.model.workspaces:
            relay(self.setting.engine, workspace.id, self.setting.publish)
        return answer.json if answer.data else None

    def make(self, who: int, path: str, body: Any, expected: int | Make) -> Any:
        """`expected` is the status, or with a 201 what takes the new thing's id."""
        answer = self.call(who, "POST", path, expected if isinstance(expected, int) else 201, body)
        if callable(expected):
            expected(answer["id"])
        return answer

    def id(self, number: int) -> int:
        return self.people[number].id

    def among(self, number: int, roles: Mapping[int, str]) -> int:
        """The number of the person that an `actor` is, where these have these roles."""
        owners = [person for person, role in roles.items() if role == "owner"]
        inside = owners if number >= 3 * PEOPLE and owners else list(roles)
        if number < PEOPLE or not inside:
            return number % PEOPLE
        return self.model.people.index(inside[number % len(inside)])

    def workspace(self, number: int) -> Workspace:
        return self.model.workspaces[number % len(self.model.workspaces)]

    def chat(self, number: int) -> Chat:
        return self.model.chats[number % len(self.model.chats)]

    def message(self, number: int) -> Message:
        return self.model.messages[number % len(self.model.messages)]

    def attach(self, who: int) -> None:
        """A stream that is open takes in a workspace within a second; what happened until then is replayed."""
        if self.ears and self.ears[who].stream:
            self.ears[who].catch_up()

    # --- workspaces ---

    @precondition(lambda self: len(self.model.workspaces) < MOST_WORKSPACES)
    @rule(who=person)
    def make_workspace(self, who: int) -> None:
        called = f"{uuid4().hex} {next(self.names)}"
        self.make(who, "/workspaces", {"name": called}, self.model.make_workspace(self.id(who), called))
        relay(self.setting.engine, self.model.workspaces[-1].id, self.setting.publish)
        self.attach(who)

    @rule(who=person, where=some, role=workspace_role)
    def enter(self, who: int, where: int, role: str) -> None:
        workspace = self.workspace(where)
        if workspace.is_deleted:
            return
        owner = next(n for n in range(PEOPLE) if workspace.roles.get(self.id(n)) == "owner")
        invite = self.call(owner, "POST", f"/workspaces/{workspace.id}/invites", 201, {"role": role})
        status = self.model.enter(self.id(who), workspace, role)
        self.call(who, "POST", f"/invites/{invite['token']}/accept", status)
        # A workspace can have so many at most, and a run may be little else than this.
        self.call(owner, "DELETE", f"/workspaces/{workspace.id}/invites/{invite['id']}", 204)
        self.attach(who)

    @rule(who=actor, where=some, other=actor, role=workspace_role)
    def change_workspace_role(self, who: int, where: int, other: int, role: str) -> None:
        workspace = self.workspace(where)
        who, other = self.among(who, workspace.roles), self.among(other, workspace.roles)
        status = self.model.change_workspace_role(self.id(who), workspace, self.id(other), role)
        self.call(who, "PATCH", f"/workspaces/{workspace.id}/members/{self.id(other)}", status, {"role": role})

    @rule(who=actor, where=some, other=actor)
    def remove_from_workspace(self, who: int, where: int, other: int) -> None:
        workspace = self.workspace(where)
        who, other = self.among(who, workspace.roles), self.among(other, workspace.roles)
        status = self.model.remove_from_workspace(self.id(who), workspace, self.id(other))
        self.call(who, "DELETE", f"/workspaces/{workspace.id}/members/{self.id(other)}", status)

    @rule(who=actor, where=some, other=actor)
    def suspend(self, who: int, where: int, other: int) -> None:
        workspace = self.workspace(where)
        who, other = self.among(who, workspace.roles), self.among(other, workspace.roles)
        path = f"/workspaces/{workspace.id}/suspensions"
        status = self.model.suspend(self.id(who), workspace, self.id(other))
        self.call(who, "POST", path, status, {"user_id": self.id(other)})

    @precondition(lambda self: any(workspace.suspended for workspace in self.model.workspaces))
    @rule(who=actor, where=some, which=some)
    def unsuspend(self, who: int, where: int, which: int) -> None:
        workspace = self.workspace(where)
        who, path = self.among(who, workspace.roles), f"/workspaces/{workspace.id}/suspensions"
        # One of those who are suspended, or now and then who is not.
        whom = [*workspace.suspended, self.model.people[which % PEOPLE]]
        other = self.model.people.index(whom[which % len(whom)])
        status = self.model.unsuspend(self.id(who), workspace, self.id(other))
        self.call(who, "DELETE", f"{path}/{self.id(other)}", status)
        self.attach(other)

    @rule(who=actor, where=some, name=name)
    def rename_workspace(self, who: int, where: int, name: str) -> None:
        workspace = self.workspace(where)
        who = self.among(who, workspace.roles)
        status = self.model.rename_workspace(self.id(who), workspace, name)
        self.call(who, "PATCH", f"/workspaces/{workspace.id}", status, {"name": name})

    @precondition(lambda self: len(self.model.messages) > 5)
    @rule(who=actor, where=some)
    def delete_workspace(self, who: int, where: int) -> None:
        workspace = self.workspace(where)
        who = self.among(who, workspace.roles)
        self.call(who, "DELETE", f"/workspaces/{workspace.id}", self.model.delete_workspace(self.id(who), workspace))

    # --- streams ---

    @rule(who=person)
    def go_away(self, who: int) -> None:
        if self.ears[who].stream:
            self.ears[who].catch_up()
            self.ears[who].disconnect()
            self.model.away(self.id(who))

    @rule(who=person)
    def come_back(self, who: int) -> None:
        if not self.ears[who].stream:
            self.model.back(self.id(who))
            self.ears[who].connect()
            self.ears[who].catch_up()
