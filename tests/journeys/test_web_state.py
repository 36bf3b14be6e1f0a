"""The state of the web client: a stale one, and the events of the real stream, are what is fetched afresh."""

import json
import os
import random
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from launcher.paths import PROJECT
from tests.journeys.conftest import System
from tests.journeys.people import Person
from tests.web.node import NAMES, node

ACTS = 160


class Watcher:
    """The client's own modules in node, signed in as a person; they have their lists when this is made."""

    def __init__(self, person: Person) -> None:
        told = {"WEB": person.guest.url, "NOTIFY": person.guest.notify_url, "ME": str(person.id)}
        self.process = subprocess.Popen(
            [*node(), "--import", str(NAMES), str(PROJECT / "tests" / "web" / "live.mjs")],
            env=os.environ | told | {"TOKEN": person.tokens["access_token"]},
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.until("listed")

    def until(self, word: str) -> Any:
        assert self.process.stdout
        for line in self.process.stdout:
            said = json.loads(line)
            if word in said:
                return said
        raise AssertionError(f"it ended without {word!r}")

    def follow(self) -> None:
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def close(self) -> None:
        self.process.kill()
        self.process.wait()


class Acts:
    """Whatever people can do that events tell of, at random; what is refused is nothing."""

    def __init__(self, seed: int, workspaces: list[int], people: list[Person]) -> None:
        self.random = random.Random(seed)
        self.workspaces, self.people, self.number = workspaces, people, 0

    def __call__(self) -> None:
        person, act = self.random.choice(self.people), self.random.choice(self.ways())
        with suppress(AssertionError, IndexError):  # not allowed, or there is nothing to do it with
            act(person)

    def ways(self) -> list[Callable[[Person], Any]]:
        often = [self.say] * 8 + [self.edit] * 2 + [self.delete] * 2 + [self.read] * 3
        chats = [self.make_chat] * 3 + [self.rename, self.leave, self.leave, self.join, self.join, self.drop_chat]
        members = [self.add, self.add, self.remove, self.rank]
        return [*often, *chats, *members, self.rename_workspace, self.rank_in_workspace, self.come_and_go]

    def chat(self, person: Person) -> Any:
        return self.random.choice(person.get("/chats")["items"])

    def message(self, person: Person) -> Any:
        return self.random.choice(person.get(f"/chats/{self.chat(person)['id']}/messages")["items"])

    def other(self) -> Person:
        return self.random.choice(self.people)

    def word(self) -> str:
        self.number += 1
        return f"word {self.number}"

    def say(self, person: Person) -> None:
        person.say(self.chat(person)["id"], self.word())

    def edit(self, person: Person) -> None:
        person.patch(f"/messages/{self.message(person)['id']}", {"content": self.word()})

    def delete(self, person: Person) -> None:
        person.delete(f"/messages/{self.message(person)['id']}")

    def read(self, person: Person) -> None:
        chat = self.chat(person)
        person.post(f"/chats/{chat['id']}/read", {"seq": self.random.randint(0, chat["last_seq"])})

    def make_chat(self, person: Person) -> None:
        kind = self.random.choice(["single", "group", "private_channel", "public_channel"])
        name = self.word() if kind.endswith("channel") else None
        person.make_chat(self.random.choice(self.workspaces), kind, name, self.other())

    def rename(self, person: Person) -> None:
        person.patch(f"/chats/{self.chat(person)['id']}", {"topic": self.word()})

    def leave(self, person: Person) -> None:
        person.post(f"/chats/{self.chat(person)['id']}/leave")

    def join(self, person: Person) -> None:
        channels = person.get(f"/workspaces/{self.random.choice(self.workspaces)}/channels")["items"]
        person.post(f"/chats/{self.random.choice(channels)['id']}/join")

    def drop_chat(self, person: Person) -> None:
        chat = self.chat(person)
        if chat["name"] != "kept":
            person.delete(f"/chats/{chat['id']}")

    def add(self, person: Person) -> None:
        person.post(f"/chats/{self.chat(person)['id']}/members", {"user_ids": [self.other().id]})

    def remove(self, person: Person) -> None:
        person.delete(f"/chats/{self.chat(person)['id']}/members/{self.other().id}")

    def rank(self, person: Person) -> None:
        role = self.random.choice(["owner", "admin", "member"])
        person.patch(f"/chats/{self.chat(person)['id']}/members/{self.other().id}", {"role": role})

    def rename_workspace(self, person: Person) -> None:
        person.patch(f"/workspaces/{self.random.choice(self.workspaces)}", {"name": self.word()})

    def rank_in_workspace(self, person: Person) -> None:
        role = self.random.choice(["admin", "member", "guest"])
        person.patch(f"/workspaces/{self.workspaces[1]}/members/{self.other().id}", {"role": role})

    def come_and_go(self, person: Person) -> None:
        owner, guest = self.people[0], self.other()
        owner.delete(f"/workspaces/{self.workspaces[1]}/members/{guest.id}")
        if self.random.random() < 0.8:
            owner.bring_in(self.workspaces[1], guest)


@pytest.fixture
def watch() -> Iterator[Callable[[Person], Watcher]]:
    watchers: list[Watcher] = []

    def make(person: Person) -> Watcher:
        watchers.append(Watcher(person))
        return watchers[-1]

    yield make
    for watcher in watchers:
        watcher.close()


@pytest.mark.parametrize("seed", [random.randrange(10**6) for _ in range(2)], ids=["one", "other"])
def test_a_stale_state_and_the_events_are_what_is_fetched_afresh(
    system: System, sign_up: Callable[..., Person], watch: Callable[[Person], Watcher], seed: int
) -> None:
    ann, bob, cleo = (sign_up(name, "Home") for name in ("Ann", "Bob", "Cleo"))
    home, club = ann.workspace()["id"], ann.post("/workspaces", {"name": "Club"})["id"]
    for workspace in (home, club):
        ann.bring_in(workspace, bob, cleo)
    kept = ann.make_chat(home, "public_channel", "kept", bob, cleo)["id"]
    acts = Acts(seed, [home, club], [ann, bob, cleo])
    for _ in range(ACTS // 4):
        acts()
    watchers = {person: watch(person) for person in (ann, bob)}
    for _ in range(ACTS // 4):
        acts()
    for watcher in watchers.values():
        watcher.follow()
    for number in range(ACTS // 2):
        acts()
        if number == ACTS // 4:
            os.kill(system.pid("notify.wsgi"), signal.SIGKILL)
    for person in (ann, bob):
        with suppress(AssertionError):
            person.post(f"/chats/{kept}/join")
    cleo.post(f"/chats/{kept}/join")
    cleo.say(kept, "the last word")
    for person, watcher in watchers.items():
        found = watcher.until("wrong")
        assert found["wrong"] == [], f"seed {seed}, {person.user['name']}: {json.dumps(found, indent=1)}"
