"""What people trust us with is in no line of any log, however much the processes are told to say."""

import base64
import json
import re
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg2
import pytest
import redis

from tests.journeys.conftest import System
from tests.journeys.people import PASSWORD, Guest, Person

OTHER = "https://elsewhere.example"
DOORS = ("web", "notify", "worker", "beat")


class Walk:
    """People do all there is to do, well and badly; `secrets` is what must be in no log, by what it is."""

    def __init__(self, system: System) -> None:
        self.system, self.secrets = system, dict[str, str]()
        self.guest = Guest(system.url, system.notify_url)
        self.guest.http.headers["Origin"] = OTHER
        self.told = json.loads((system.folder / "environment.json").read_text())
        self.commands = list[str]()

    def new(self, what: str, form: str = "s3cret-%s") -> str:
        self.secrets[what] = form % uuid4().hex
        return self.secrets[what]

    def keep(self, what: str, secret: str) -> str:
        self.secrets[what] = secret
        return secret

    def sign_up(self, name: str, workspace: str | None = None) -> Person:
        """With an address and a password of its own."""
        email, password = self.new(f"e-mail of {name}", "%s@example.org"), self.new(f"password of {name}")
        body = {"email": email, "password": password, "name": name, **({"workspace": workspace} if workspace else {})}
        person = Person(self.guest, self.guest.http.post("/api/auth/signup", json=body).raise_for_status().json())
        person.http.headers["Origin"] = OTHER
        self.keep_tokens(name, person.tokens)
        return person

    def keep_tokens(self, name: str, pair: dict[str, str]) -> None:
        _head, payload, signature = pair["access_token"].split(".")
        for what, part in (("payload", payload), ("signature", signature)):
            self.secrets[f"access token of {name}: {what}"] = part
        self.secrets[f"refresh token of {name}"] = pair["refresh_token"].rpartition(".")[2]

    def all(self) -> None:
        self.listen_to_redis()
        self.ann, self.bob = self.sign_up("Ann", "Acme"), self.sign_up("Bob")
        self.sign_in_well_and_badly()
        self.invite()
        self.talk()
        self.stream()
        self.send_what_is_refused()
        self.wait_for_locks()
        self.break_off()
        self.change_the_password()

    def sign_in_well_and_badly(self) -> None:
        http = self.guest.http
        ann = {"email": self.secrets["e-mail of Ann"], "password": self.secrets["password of Ann"]}
        pair = http.post("/api/auth/signin", json=ann).json()
        self.keep_tokens("Ann again", pair)
        assert http.post("/api/auth/signin", json=ann | {"password": self.new("a wrong password")}).status_code == 401
        nobody = {"email": self.new("e-mail of nobody", "%s@example.org"), "password": PASSWORD}
        assert http.post("/api/auth/signin", json=nobody).status_code == 401
        twice = ann | {"name": "Ann", "password": self.new("password of a second sign-up")}
        assert http.post("/api/auth/signup", json=twice).status_code == 409
        refresh = {"refresh_token": pair["refresh_token"]}
        for name in ("refreshed", "once more"):
            pair = http.post("/api/auth/refresh", json=refresh).json()
            self.keep_tokens(name, pair)
            refresh = {"refresh_token": pair["refresh_token"]}
        assert http.post("/api/auth/refresh", json=refresh | {"refresh_token": self.new("no token")}).status_code == 401

    def invite(self) -> None:
        workspace = self.ann.workspace()["id"]
        invited = {"email": self.secrets["e-mail of Bob"], "role": "member"}
        token = self.keep("token of an invite", self.ann.post(f"/workspaces/{workspace}/invites", invited)["token"])
        assert self.guest.http.get(f"/invite/{token}", headers={"Accept": "text/html"}).status_code == 200
        self.sign_up("Carla").post(f"/invites/{token}/accept", status=404)
        self.bob.post(f"/invites/{token}/accept", status=200)
        self.bob.post(f"/invites/{self.new('token of no invite')}/accept", status=404)

    def talk(self) -> None:
        workspace = self.ann.workspace()["id"]
        self.chat = self.ann.make_chat(workspace, "group", None, self.bob)["id"]
        said = self.ann.say(self.chat, self.new("a message"), client_id=self.new("a client's id"))
        self.ann.say(self.chat, self.secrets["a message"], reply_to=said["id"])
        self.ann.patch(f"/messages/{said['id']}", {"content": self.new("an edited message")})
        self.bob.patch(f"/messages/{said['id']}", {"content": self.new("another's edit")}, status=403)
        self.ann.delete(f"/messages/{said['id']}")
        self.ann.patch(f"/chats/{self.chat}", {"topic": self.new("a topic")})
        self.bob.history(self.chat)
        self.bob.get("/chats")

    def stream(self) -> None:
        ticket = self.keep("a ticket", self.bob.post("/notifications/tickets")["ticket"])
        address = f"{self.system.notify_url}/api/notifications/events?ticket={ticket}"
        with httpx.stream("GET", address, headers={"Origin": OTHER}, timeout=10) as stream:
            words = self.new("a message on a stream")
            self.ann.say(self.chat, words)
            assert any(words in line for line in stream.iter_lines())
        assert httpx.get(address).status_code == 401
        way = self.bob.http.get("/api/notifications/events", follow_redirects=False)
        self.keep("the ticket of a redirect", way.headers["Location"].partition("ticket=")[2])

    def send_what_is_refused(self) -> None:
        post = f"/api/chats/{self.chat}/messages"
        cut = self.new("a message in JSON that is none")
        for content in (f'{{"content": "{cut}', f'{{"content": "{cut}\\u0000"}}', f'{{"{cut}": 1}}', f'["{cut}"]'):
            headers = {"Content-Type": "application/json"}
            assert self.ann.http.post(post, content=content, headers=headers).status_code in (400, 422)
        assert self.ann.http.post(post, json={"content": self.new("too long") * 5000}).status_code in (413, 422)
        assert (
            self.ann.http.post(post, content=self.new("of no kind"), headers={"Content-Type": "x/y"}).status_code == 415
        )
        path, query = self.new("in an unknown path"), self.new("in a query")
        assert self.ann.http.get(f"/api/{path}?access_token={query}").status_code == 404
        for door in (self.system.url, self.system.notify_url):
            bearer = {
                "Authorization": f"Bearer {self.new('no access token')}",
                "X-Request-ID": self.new("an odd id") + "!",
            }
            assert httpx.get(f"{door}/api/notifications/events?cursor={query}", headers=bearer).status_code == 401
            basic = base64.b64encode(f"ann:{self.new('of basic credentials')}".encode()).decode()
            self.keep("basic credentials", basic)
            httpx.get(f"{door}/api/notifications/events", headers={"Authorization": f"Basic {basic}"})

    def wait_for_locks(self) -> None:
        """A statement that is given up is where a database would say what stood in it."""
        with closing(psycopg2.connect(self.told["DATABASE_URL"])) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT FROM chats WHERE id = %s FOR UPDATE", (self.chat,))
            body = {"content": self.new("a message that waits")}
            assert self.ann.http.post(f"/api/chats/{self.chat}/messages", json=body).status_code == 503

    def listen_to_redis(self) -> None:
        """From now on."""
        monitor = redis.Redis.from_url(self.told["REDIS_URL"]).monitor().__enter__()

        def listen() -> None:
            with suppress(redis.RedisError, OSError, ValueError):
                for command in monitor.listen():
                    self.commands.append(str(command["command"]))

        threading.Thread(target=listen, daemon=True).start()

    def break_off(self) -> None:
        """In the middle of a head, and of a body."""
        bearer = f"Authorization: Bearer {self.new('a token in half a request')}"
        head = (
            f"POST /api/chats/{self.chat}/messages?x={self.secrets['in a query']} HTTP/1.1\r\nHost: x\r\n{bearer}\r\n"
        )
        body = (
            f'Content-Type: application/json\r\nContent-Length: 500\r\n\r\n{{"content": "{self.new("half a message")}'
        )
        for port in (self.system.port, self.system.notify_port):
            for sent in (head, head + body, head + "no header\r\n\r\n", head + "Content-Length: -1\r\n\r\n"):
                with socket.create_connection(("127.0.0.1", port), 10) as sock:
                    sock.sendall(sent.encode())
                    sock.shutdown(socket.SHUT_WR)
                    with suppress(OSError):
                        while sock.recv(65536):
                            pass

    def change_the_password(self) -> None:
        old, new = self.secrets["password of Bob"], self.new("new password of Bob")
        self.bob.post("/auth/password", {"current_password": new, "new_password": new}, status=401)
        self.bob.post("/auth/password", {"current_password": old, "new_password": new}, status=204)
        self.bob.post("/auth/signout", status=204)
        self.bob.get("/users/me", status=401)


@pytest.fixture(scope="module")
def walked() -> Iterator[tuple[Walk, str]]:
    """A walk that is over, and all that any process has written meanwhile."""
    folder = Path(tempfile.mkdtemp(prefix="fechatter-logs-"))
    system = System(folder, LOG_LEVEL="DEBUG", CORS_ORIGINS=OTHER, GUNICORN_CMD_ARGS="--log-level debug").start()
    try:
        walk = Walk(system)
        walk.all()
        time.sleep(1.5)  # the sweep, and notify's look at who has signed out
    finally:
        system.stop()
    logs = [path.read_text(errors="replace") for path in folder.rglob("*.log")]
    yield walk, "".join([*system.output, *logs])
    shutil.rmtree(folder, ignore_errors=True)


def test_no_secret_and_nothing_that_people_write_is_in_any_log(walked: tuple[Walk, str]) -> None:
    walk, logs = walked
    assert len(walk.secrets) > 35
    shown = {what: [line for line in logs.splitlines() if secret in line][:3] for what, secret in walk.secrets.items()}
    assert {what: lines for what, lines in shown.items() if lines} == {}


def test_no_address_of_a_client_is_in_any_log_and_no_password_of_a_server(walked: tuple[Walk, str]) -> None:
    _walk, logs = walked
    assert not re.findall(r"(?:redis|postgres\w*)://\S*:[^*\s]+@", logs)
    assert not [line for line in logs.splitlines() if re.search(r"127\.0\.0\.1:\d{5}\b.*(GET|POST)", line)]


@pytest.mark.parametrize("door", DOORS)
def test_every_process_has_said_what_it_does(walked: tuple[Walk, str], door: str) -> None:
    """Or else there was nothing to look through."""
    lines = [line for line in walked[1].splitlines() if line.startswith(f"{door:<8} | ")]
    assert any(" DEBUG " in line for line in lines) or door == "beat", lines[:5]
    if door in ("web", "notify"):
        assert any("/api/" in line for line in lines)


def test_no_password_token_or_address_is_sent_to_redis(walked: tuple[Walk, str]) -> None:
    """Messages are: it passes them on, and keeps lists of chats for half a minute."""
    walk, _ = walked
    commands = "\n".join(walk.commands)
    assert "PUBLISH" in commands.upper()
    meant = ("password", "token", "ticket", "e-mail", "credentials")
    shown = [
        what for what, secret in walk.secrets.items() if any(word in what for word in meant) and secret in commands
    ]
    assert shown == []
