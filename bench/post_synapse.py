"""Matrix Synapse with PostgreSQL, one process, as one would install it for a team."""

import hmac
import os
import random
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import orjson
from sqlalchemy import text

from bench.answered import check_ids, each, parsed
from bench.baselines import synapse
from bench.http_load import Loaded, render
from bench.post_other import Other
from bench.posting import WORDS
from bench.system import PATIENCE, System
from launcher.errors import LaunchError
from launcher.process import Process
from launcher.servers import wait_until_ready


class Synapse(Other):
    """So many people and rooms, with two people in each, fewer than elsewhere: it has work for each of them.

    Raises LaunchError also if it cannot be installed.
    """

    name, front, most_a_second, status = "synapse", "synapse", 500, 200

    def __init__(self, system: System, people: int) -> None:
        super().__init__(system)
        self.people, self.secret = people, uuid.uuid4().hex

    def start(self) -> None:
        python = synapse.python()
        self.engine = self.make_database()
        self._start(python)
        with httpx.Client(base_url=self.url, timeout=PATIENCE) as client:
            self._make_rooms(client)

    def pids(self) -> Mapping[str, int]:
        return {"synapse": self.process.pid}

    def stored(self) -> int:
        with self.engine.connect() as connection:
            return connection.scalar(text("SELECT count(*) FROM events WHERE type = 'm.room.message'")) or 0

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
            wait_until_ready(self.process, lambda: self.answers("/health", 200), folder / "log")

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

    def requests(self, count: int) -> list[bytes]:
        requests = list[bytes]()
        for token, room in random.choices(self.seats, k=count):
            mark = uuid.uuid4().hex
            body = orjson.dumps({"msgtype": "m.text", "body": f"{WORDS} {mark}"})
            address = f"{self.url}/_matrix/client/v3/rooms/{room}/send/m.room.message/{mark}"
            headers = {"Authorization": f"Bearer {token}", "Content_Type": "application/json"}
            requests.append(render("PUT", address, body, **headers))
        return requests

    def check_answers(self, requests: Sequence[bytes], got: Loaded) -> None:
        """It answers with no more than an id."""
        ids = [parsed(answer).get("event_id") for _, answer in each(requests, got)]
        if not all(ids):
            raise LaunchError(f"Synapse gave {len(ids) - ids.count(None)} of {len(ids)} messages an id")
        check_ids(ids)


def _post(client: httpx.Client, path: str, token: str | None, **body: object) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = client.post(path, json=body, headers=headers)
    if not answer.is_success:
        raise LaunchError(f"Synapse answered {answer.status_code} to {path}: {answer.text[:500]}")
    return answer.json()
