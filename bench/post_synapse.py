"""Matrix Synapse with PostgreSQL, one process, as one would install it for a team."""

import hmac
import os
import random
import uuid
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import orjson
from sqlalchemy import text

from bench.baselines import synapse
from bench.costs import Costs
from bench.http_load import load, render
from bench.post_ours import sample
from bench.posting import WORDS
from bench.rounds import Sample
from bench.system import HOST, PATIENCE, System
from fechatter.db import make_engine
from launcher.errors import LaunchError
from launcher.ports import free_port
from launcher.process import Process
from launcher.servers import wait_until_ready

MOST_A_SECOND = 500


class Synapse:
    """`with` runs it on one more database; raises LaunchError if it cannot be installed or does not start.

    So many people and rooms, with two people in each, fewer than elsewhere: it has work for each of them.
    """

    def __init__(self, system: System, people: int) -> None:
        self.system, self.people, self.posted = system, people, 0
        self.secret, self.port, self.stack = uuid.uuid4().hex, free_port(), ExitStack()
        self.url = f"http://{HOST}:{self.port}"

    def __enter__(self) -> "Synapse":
        python = synapse.python()
        self.engine = make_engine(self.system.database("synapse"), pool=2, name="bench")
        self.stack.callback(self.engine.dispose)
        try:
            self._start(python)
            with httpx.Client(base_url=self.url, timeout=PATIENCE) as client:
                self._make_rooms(client)
        except BaseException:
            self.stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    def turn(self, connections: int, seconds: float) -> Sample:
        requests = self._requests(int(seconds * MOST_A_SECOND))
        pids = {"synapse": self.process.pid, "postgres": self.system.pid("postgres")}
        with Costs(self.system.engine, pids) as costs:
            got = load(self.url, requests, connections, seconds, expected=(200,), repeat=False)
        self.posted += got.count
        return sample(got, costs, ("synapse",))

    def check(self) -> None:
        """Raises LaunchError unless each answer has left one message."""
        with self.engine.connect() as connection:
            stored = connection.scalar(text("SELECT count(*) FROM events WHERE type = 'm.room.message'"))
        if stored != self.posted:
            raise LaunchError(f"Synapse answered {self.posted} posts, and has {stored} messages")

    def _start(self, python: Path) -> None:
        folder = self.system.folder / "synapse"
        folder.mkdir()
        url = self.engine.url.render_as_string(hide_password=False)
        told = [str(python), "-m", "synapse.app.homeserver"]
        told += ["--config-path", str(synapse.write_settings(folder, self.port, url, self.secret))]
        with open(folder / "log", "ab") as log:
            keys = Process("synapse", [*told, "--generate-keys"], folder=folder, output=log.fileno())
            with keys:
                keys.wait(PATIENCE)
            environment = {"PATH": os.environ.get("PATH", os.defpath)}
            self.process = self.stack.enter_context(
                Process("synapse", told, environment=environment, folder=folder, output=log.fileno())
            )
            wait_until_ready(self.process, self._answers, folder / "log")

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health", timeout=5).is_success
        except httpx.HTTPError:
            return False

    def _make_rooms(self, client: httpx.Client) -> None:
        tokens = [self._sign_up(client, f"person{number}") for number in range(self.people)]
        self.seats = list[tuple[str, str]]()
        for number, token in enumerate(tokens):
            room = quote(_post(client, "/_matrix/client/v3/createRoom", token, preset="public_chat")["room_id"])
            other = tokens[(number + 1) % len(tokens)]
            _post(client, f"/_matrix/client/v3/rooms/{room}/join", other)
            self.seats += [(token, room), (other, room)]

    def _sign_up(self, client: httpx.Client, name: str) -> str:
        """With the secret that it shares with its administrator."""
        nonce = client.get("/_synapse/admin/v1/register").raise_for_status().json()["nonce"]
        told = "\0".join([nonce, name, "password", "notadmin"]).encode()
        mac = hmac.new(self.secret.encode(), told, "sha1").hexdigest()
        person = {"username": name, "password": "password", "admin": False, "mac": mac}
        return str(_post(client, "/_synapse/admin/v1/register", None, nonce=nonce, **person)["access_token"])

    def _requests(self, count: int) -> list[bytes]:
        requests = list[bytes]()
        for token, room in random.choices(self.seats, k=count):
            mark = uuid.uuid4().hex
            body = orjson.dumps({"msgtype": "m.text", "body": f"{WORDS} {mark}"})
            address = f"{self.url}/_matrix/client/v3/rooms/{room}/send/m.room.message/{mark}"
            headers = {"Authorization": f"Bearer {token}", "Content_Type": "application/json"}
            requests.append(render("PUT", address, body, **headers))
        return requests


def _post(client: httpx.Client, path: str, token: str | None, **body: object) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = client.post(path, json=body, headers=headers)
    if not answer.is_success:
        raise LaunchError(f"Synapse answered {answer.status_code} to {path}: {answer.text[:500]}")
    return answer.json()
