"""A page of history and the list of chats, beside the usual way to read them."""

import os
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import NamedTuple
from uuid import uuid4

import httpx
import jwt

from bench.big_checks import check
from bench.big_rows import fill
from bench.big_world import BigWorld, Size
from bench.chart import Bars
from bench.http_load import render
from bench.report import Cell, Report, Table, Target
from bench.rounds import Sample, Spread, alternate
from bench.setting import Setting
from bench.system import HOST, PATIENCE, System
from bench.web_turn import CONNECTIONS, turn
from launcher import environment
from launcher.errors import LaunchError
from launcher.paths import PROJECT
from launcher.ports import free_port
from launcher.process import Process
from launcher.servers import wait_until_ready
from tests.world import access_token

CHATS = 21
"""Of each person."""

LARGE = Size(messages=1_000_000, workspaces=20, rooms=42, people=42, each=CHATS)
TINY = Size(messages=2000, workspaces=1, rooms=CHATS, people=CHATS, each=CHATS)
KINDS = 2000
"""Different requests for pages, which take turns."""

PEOPLE = 100
"""Whose lists are asked for: few, so that a cached one is asked for again while it lives."""

PAGE, COLD, WARM = "page of 50", "list of 21 chats, read through", "list of 21 chats, cached"
CACHES = {COLD: "no-cache", WARM: "max-age=30"}
"""What lists are asked for with."""

COMPARED, LIMIT = 10, 50
OURS, NAIVE = "Fechatter", "ORM + marshmallow"
WANTED = {PAGE: 3.0, COLD: 10.0}
FACTORS = {"by web": "web's CPU second", "rate": "second"}


class Server(NamedTuple):
    """`token` makes one for a person."""

    url: str
    pid: int
    token: Callable[[int], str]


def run(setting: Setting) -> Report:
    world = BigWorld(TINY if setting.tiny else LARGE)
    seconds = setting.size(6, 1)
    with System("web") as system:
        setting.say(f"making a world of {world.messages:,} messages")
        fill(world, system.postgres.url)
        check(world, system.postgres.url)
        # For `access_token`, as web signs it.
        os.environ["JWT_PRIVATE_KEY"] = system.keys["JWT_PRIVATE_KEY"]
        with naive(system) as other:
            servers = {OURS: Server(system.url("web"), system.pid("web"), lambda n: access_token(n, n)), NAIVE: other}
            compare(world, servers)
            found = alternate(
                {
                    (kind, name): partial(_turn, world, system, kind, server, seconds)
                    for kind in (PAGE, COLD, WARM)
                    for name, server in servers.items()
                    if (kind, name) != (WARM, NAIVE)  # it has no cache
                },
                setting.rounds,
            )
    return _report(world, found)


@contextmanager
def naive(system: System) -> Iterator[Server]:
    """As many processes as web has, by gunicorn as it is if one tells it nothing."""
    port, log = free_port(), system.folder / "naive.log"
    told = {"PATH": os.environ.get("PATH", os.defpath), "DATABASE_URL": system.postgres.url}
    told |= {"SECRET_KEY": system.keys["SECRET_KEY"]}
    gunicorn = [str(environment.folder() / "bin" / "gunicorn"), "--workers", "2", "--log-level", "warning"]
    command = [*gunicorn, "--bind", f"{HOST}:{port}", "bench.baselines.naive_reads:app"]
    with (
        open(log, "ab") as output,
        Process("naive", command, environment=told, folder=PROJECT, output=output.fileno()) as process,
    ):
        server = Server(f"http://{HOST}:{port}", process.pid, partial(_naive_token, system.keys["SECRET_KEY"]))
        wait_until_ready(process, lambda: _answers(server.url), log)
        yield server


def _naive_token(secret: str, person: int) -> str:
    """As flask-jwt-extended signs it if one tells it no more than a secret."""
    now = int(time.time())
    claims = {"sub": str(person), "jti": uuid4().hex, "type": "access", "fresh": False, "iat": now, "exp": now + 900}
    return jwt.encode(claims, secret, algorithm="HS256")


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", timeout=PATIENCE).is_success
    except httpx.HTTPError:
        return False


def compare(world: BigWorld, servers: Mapping[str, Server]) -> None:
    """They do the same work only if they answer what is asked for in the turns alike."""
    chance = random.Random(1)
    for person in chance.sample(world.people, COMPARED):
        lists = [("/api/chats", cache) for cache in CACHES.values()]
        for path, cache in [(_page(world, chance, person), ""), *lists]:
            said = [_said(server, path, person, cache) for server in servers.values()]
            if len(said[0]) != (CHATS if path == "/api/chats" else LIMIT) or any(one != said[0] for one in said):
                raise LaunchError(f"the servers do not answer alike to {path} of {person}: {said}")


def _said(server: Server, path: str, person: int, cache: str) -> list[tuple[object, ...]]:
    headers = {"Authorization": f"Bearer {server.token(person)}"} | ({"Cache-Control": cache} if cache else {})
    answer = httpx.get(server.url + path, headers=headers, timeout=PATIENCE)
    if not answer.is_success:
        raise LaunchError(f"{server.url}{path} answered {answer.status_code}: {answer.text[:500]}")
    names = ("id", "seq", "content", "unread_count", "member_ids", "last_read_seq")
    items = answer.json()["items"]
    return [(*(one.get(name) for name in names), (one.get("last_message") or {}).get("id")) for one in items]


def _turn(world: BigWorld, system: System, kind: str, server: Server, seconds: float) -> Sample:
    chance = random.Random(seconds)
    people = chance.sample(world.people, min(PEOPLE, len(world.people)))
    bearers = {person: f"Bearer {server.token(person)}" for person in people}
    if kind == PAGE:
        requests = [
            render("GET", f"{server.url}{_page(world, chance, person)}", Authorization=bearers[person])
            for person in chance.choices(people, k=KINDS)
        ]
    else:
        requests = [
            render("GET", f"{server.url}/api/chats", Authorization=bearer, Cache_Control=CACHES[kind])
            for bearer in bearers.values()
        ]
    return turn(server.url, requests, seconds, server.pid, system.pid("postgres"))


def _page(world: BigWorld, chance: random.Random, person: int) -> str:
    """The path of one at any depth, but never a short one."""
    chat = chance.choice(world.chats_of(person))
    before = chance.randrange(LIMIT + 1, world.last_seq(chat) + 2)
    return f"/api/chats/{chat}/messages?before={before}&limit={LIMIT}"


def _report(world: BigWorld, found: Mapping[tuple[str, str], Mapping[str, Spread]]) -> Report:
    rows: list[list[Cell]] = [[f"{kind}, {name}", *figures.values()] for (kind, name), figures in found.items()]
    targets = [
        Target(f"{kind}: answers by {words}, over those of {NAIVE}", wanted, _factor(found, kind, figure))
        for kind, wanted in WANTED.items()
        for figure, words in FACTORS.items()
    ]
    bars = {f"{kind.partition(',')[0]}, {name}": figures["by web"] for (kind, name), figures in found.items()}
    return Report(
        "reads",
        f"Reading from {world.messages:,} messages in {len(world.chats):,} chats",
        [
            Table(
                f"{CONNECTIONS} connections, web with two processes",
                [
                    *("", "answers/s", "by web's CPU second", "by web's and PostgreSQL's", "p50 (ms)", "p99 (ms)"),
                    "load client (cores)",
                ],
                rows,
                f"{NAIVE}: flask-smorest, SQLAlchemy's ORM, count(*) and the last message by chat, gunicorn sync.",
            )
        ],
        targets,
        [Bars("Reading", "answers by web's CPU second", bars, [name for name in bars if name.endswith(OURS)])],
    )


def _factor(found: Mapping[tuple[str, str], Mapping[str, Spread]], kind: str, figure: str) -> float:
    return found[kind, OURS][figure].median / found[kind, NAIVE][figure].median
