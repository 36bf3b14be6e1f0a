"""People with chats in one workspace of the system, and what their streams ask for."""

import os

from sqlalchemy.orm import Session

from bench.contender import EVENT
from bench.streams import Head
from bench.system import System
from fechatter.feed.placed import Batch
from fechatter.models import User
from launcher.errors import LaunchError
from tests.world import Person, World, access_token


class Crowd:
    """Everybody is in the chat `everyone`, and each in one of `chats`: person n in chat n modulo their number."""

    def __init__(self, system: System, people: int, chats: int) -> None:
        # For `access_token`, as web signs it.
        os.environ["JWT_PRIVATE_KEY"] = system.keys["JWT_PRIVATE_KEY"]
        self.world = World(system.engine)
        self.people = self.world.write(lambda session: _people(session, people))
        first, *others = self.people
        self.workspace = self.world.workspace(first, *others)
        self.everyone = self.world.chat(first, self.workspace, *others, type="private_channel")
        self.chats = []
        for number in range(chats):
            owner, *members = self.people[number::chats]
            self.chats.append(self.world.chat(owner, self.workspace, *members, type="private_channel"))
        self.world.relay(self.workspace)
        self.filling = self._filling()

    def place(self, chat: int, chats: int) -> tuple[Person, int]:
        """Somebody in that chat of these `chats`, and its id: a single one is everybody's."""
        if chats == 1:
            return self.people[0], self.everyone
        return self.people[chat], self.chats[chat]

    def heads(self, url: str, streams: int, chats: int) -> list[Head]:
        """Each stream with a token of its own; the people take turns. Of `chats` it is 1 or all."""
        return [
            Head(number % len(self.people) % chats, stream_head(url, self.people[number % len(self.people)]))
            for number in range(streams)
        ]

    def _filling(self) -> int:
        """How long a text must be for its event to have EVENT bytes."""
        batches: list[Batch] = []
        self.world.post(self.people[0], self.everyone, "")
        self.world.relay(self.workspace, batches.extend)
        if not batches:
            raise LaunchError("the event of a message that was posted is not in the outbox")
        return EVENT - len(batches[-1].events[-1].body)


def stream_head(url: str, person: Person) -> bytes:
    token = access_token(person.id, person.session_id)
    lines = ["GET /api/notifications/events HTTP/1.1", f"Host: {url.partition('://')[2]}", "Accept: text/event-stream"]
    return "\r\n".join([*lines, f"Authorization: Bearer {token}", ""]).encode()


def _people(session: Session, count: int) -> list[Person]:
    names = [f"person-{number}@example.org" for number in range(count)]
    users = [User(email=name, email_key=name, name=name, password_hash="x") for name in names]
    session.add_all(users)
    session.flush()
    return [World.sign_in(session, user.id) for user in users]
