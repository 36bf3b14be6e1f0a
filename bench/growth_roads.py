"""The busy roads, as requests to anything that a large world has."""

import os
import random
import uuid
from collections.abc import Callable, Mapping, Sequence

from bench.big_world import BigWorld
from bench.http_load import render
from bench.rounds import Sample
from bench.system import System
from bench.web_turn import turn
from tests.world import access_token

KINDS = 2000
"""Different requests for what may be asked for again."""

MOST_POSTS = 4000
"""A second; each is another one."""

PEOPLE = 200
"""Who asks; they are anywhere in the world."""


class Asker:
    """Makes requests of random people of a world."""

    def __init__(self, world: BigWorld, system: System) -> None:
        self.world, self.url = world, system.url("web")
        self.chance = random.Random(1)
        # For `access_token`, as web signs it.
        os.environ["JWT_PRIVATE_KEY"] = system.keys["JWT_PRIVATE_KEY"]
        self.people = self._signed_in(world.people)
        self.crowd = self._signed_in(world.members(1))

    def _signed_in(self, people: Sequence[int]) -> list[tuple[int, str]]:
        chosen = self.chance.sample(people, min(PEOPLE, len(people)))
        return [(person, f"Bearer {access_token(person, person)}") for person in chosen]

    def page(self, query: Callable[[int], str]) -> bytes:
        """Of one of the person's chats; `query` is told how many messages there are."""
        person, bearer = self.chance.choice(self.people)
        return self.page_of(self.chance.choice(self.world.chats_of(person)), bearer, query)

    def hot_page(self) -> bytes:
        return self.page_of(1, self.chance.choice(self.crowd)[1], self.anywhere)

    def page_of(self, chat: int, bearer: str, query: Callable[[int], str]) -> bytes:
        asked = query(self.world.last_seq(chat))
        return render("GET", f"{self.url}/api/chats/{chat}/messages?limit=50{asked}", Authorization=bearer)

    def anywhere(self, last: int) -> str:
        return f"&around={self.chance.randint(26, last - 25)}"

    def chat_list(self) -> bytes:
        bearer = self.chance.choice(self.people)[1]
        return render("GET", f"{self.url}/api/chats", Authorization=bearer, Cache_Control="no-cache")

    def post(self) -> bytes:
        person, bearer = self.chance.choice(self.people)
        return self.post_in(self.chance.choice(self.world.chats_of(person)), bearer)

    def hot_post(self) -> bytes:
        return self.post_in(1, self.chance.choice(self.crowd)[1])

    def post_in(self, chat: int, bearer: str) -> bytes:
        body = (
            b'{"content": "Shall we ship it today? The build is green.", "client_id": "%b"}' % uuid.uuid4().hex.encode()
        )
        told = {"Authorization": bearer, "Content_Type": "application/json"}
        return render("POST", f"{self.url}/api/chats/{chat}/messages", body, **told)


POST, HOT_POST = "post", "post, all in one chat"
AROUND, HOT_AROUND = "history, around", "history, around in the hot chat"
LIST = "chat list with unread counts"
ROADS: Mapping[str, Callable[[Asker], bytes]] = {
    POST: Asker.post,
    HOT_POST: Asker.hot_post,
    "history, newest": lambda asker: asker.page(lambda last: ""),
    "history, middle": lambda asker: asker.page(lambda last: f"&before={last // 2}"),
    "history, oldest": lambda asker: asker.page(lambda last: "&after=0"),
    AROUND: lambda asker: asker.page(asker.anywhere),
    HOT_AROUND: Asker.hot_page,
    LIST: Asker.chat_list,
}
CHARTED = (POST, HOT_POST, AROUND, HOT_AROUND, LIST)


def turn_on(road: str, world: BigWorld, system: System, seconds: float) -> Sample:
    """Nobody is asked the same twice in a way that a cache would know."""
    asker, posting = Asker(world, system), road in (POST, HOT_POST)
    requests = [ROADS[road](asker) for _ in range(int(seconds * MOST_POSTS) if posting else KINDS)]
    expected = (201,) if posting else (200,)
    web, postgres = system.pid("web"), system.pid("postgres")
    return turn(asker.url, requests, seconds, web, postgres, expected, repeat=not posting)
