"""People who post: where each of them may, and their requests, each with a text and a `client_id` of its own."""

import os
import random
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import orjson
from sqlalchemy import Engine

from bench.http_load import render
from tests.world import Person, World, access_token

WORDS = "Shall we ship it today? The build is green again."


class Seat(NamedTuple):
    person: Person
    chat: int


@dataclass(frozen=True)
class Team:
    """A workspace; all of its people are in all of its chats."""

    workspace: int
    people: Sequence[Person]
    chats: Sequence[int]


class Posts(NamedTuple):
    """The `client_id` of request n is `mark` with n behind a hyphen."""

    mark: str
    requests: Sequence[bytes]


def make_teams(engine: Engine, keys: Mapping[str, str], teams: int, each: int) -> list[Team]:
    """So many workspaces with so many people and as many chats."""
    # For `access_token`, as web signs it.
    os.environ["JWT_PRIVATE_KEY"] = keys["JWT_PRIVATE_KEY"]
    world = World(engine)
    return [_team(world, [world.person() for _ in range(each)], each) for _ in range(teams)]


def make_one_team(engine: Engine, teams: Sequence[Team]) -> Team:
    """One more workspace, with one chat, of the people of all these."""
    return _team(World(engine), [person for team in teams for person in team.people], 1)


def _team(world: World, people: Sequence[Person], chats: int) -> Team:
    owner, *others = people
    workspace = world.workspace(owner, *others)
    made = [world.chat(owner, workspace, *others) for _ in range(chats)]
    world.relay(workspace)
    return Team(workspace, people, made)


def seats(teams: Sequence[Team], each: int) -> list[Seat]:
    """So many people of each chat, as many times as others where there are as many chats as people."""
    return [
        Seat(team.people[(place + number) % len(team.people)], chat)
        for team in teams
        for place, chat in enumerate(team.chats)
        for number in range(each)
    ]


def posts(url: str, among: Sequence[Seat], count: int) -> Posts:
    """By people of these seats, at random."""
    mark = uuid.uuid4().hex[:12]
    tokens = {
        person: f"Bearer {access_token(person.id, person.session_id)}" for person in {one.person for one in among}
    }
    requests = list[bytes]()
    for number, seat in enumerate(random.choices(among, k=count)):
        body = orjson.dumps({"content": f"{WORDS} {mark} {number}", "client_id": f"{mark}-{number}"})
        address = f"{url}/api/chats/{seat.chat}/messages"
        headers = {"Authorization": tokens[seat.person], "Content_Type": "application/json"}
        requests.append(render("POST", address, body, **headers))
    return Posts(mark, requests)
