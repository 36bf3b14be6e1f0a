"""People who do all there is to do, well and badly, and what of it must be in no log."""

import base64
import json
import socket
import threading
import time
from contextlib import closing, suppress
from uuid import uuid4

import httpx
import psycopg2
import redis

from fechatter.one_time_codes import STEP, code_at
from tests.journeys.conftest import System
from tests.journeys.people import PASSWORD, Guest, Person
from tests.mail_server import parsed, token_in

OTHER = "https://elsewhere.example"
PURPOSES = ("verify", "reset")


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
        self.use_a_token()
        self.turn_on_a_second_factor()
        self.moderate()
        self.change_the_password()
        self.forget_the_password()

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
        assert {self.guest.http.get(f"{path}/{token}").status_code for path in ("/invite", "/api/invites")} == {200}
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
        with httpx.stream("GET", address, headers={"Origin": OTHER}, timeout=60) as stream:
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

    def use_a_token(self) -> None:
        made = self.ann.post("/auth/tokens", {"name": self.new("what a bot is called"), "scopes": ["read"]}, 201)
        self.keep("a personal access token", made["token"])
        self.new("a made-up token", f"fch_%s{'x' * 11}")
        for what, status in (("a personal access token", 200), ("a made-up token", 401)):
            bearer = {"Authorization": f"Bearer {self.secrets[what]}"}
            assert httpx.get(f"{self.system.url}/api/users/me", headers=bearer).status_code == status
            events = f"{self.system.notify_url}/api/notifications/events"
            with httpx.stream("GET", events, headers=bearer, timeout=60) as stream:
                assert stream.status_code == status
        self.ann.delete(f"/auth/tokens/{made['id']}")

    def turn_on_a_second_factor(self) -> None:
        dora = self.sign_up("Dora")
        password = {"password": self.secrets["password of Dora"]}
        secret = self.keep("an authenticator's secret token", dora.post("/auth/second-factor", password)["secret"])
        code = code_at(base64.b32decode(secret), int(time.time()) // STEP)
        codes = dora.post("/auth/second-factor/confirm", {"code": code})["recovery_codes"]
        for number, recovery_code in enumerate(codes):
            self.keep(f"recovery token {number}", recovery_code)
        knock = {"email": self.secrets["e-mail of Dora"], **password}
        wrong = self.new("no recovery token")
        for given, status in ({}, 401), ({"code": wrong}, 401), ({"code": codes[0]}, 200):
            assert self.guest.http.post("/api/auth/signin", json={**knock, **given}).status_code == status
        dora.post("/auth/second-factor/off", {**password, "code": codes[1]}, 204)

    def moderate(self) -> None:
        workspace = self.ann.workspace()["id"]
        said = self.ann.say(self.chat, self.new("a message that is reported"))
        report = self.bob.post(f"/messages/{said['id']}/reports", {"reason": self.new("why it is reported")}, 201)
        self.ann.patch(f"/workspaces/{workspace}/reports/{report['id']}", {"resolved": True})
        body = {"user_id": self.bob.id, "reason": self.new("why somebody is suspended")}
        self.ann.post(f"/workspaces/{workspace}/suspensions", body, 201)
        self.ann.delete(f"/workspaces/{workspace}/suspensions/{self.bob.id}")
        self.ann.post("/users/me/blocks", {"user_id": self.bob.id}, 201)
        for shown in (f"/workspaces/{workspace}/audit", f"/workspaces/{workspace}/reports", "/auth/audit"):
            self.ann.get(shown)

    def change_the_password(self) -> None:
        old, new = self.secrets["password of Bob"], self.new("new password of Bob")
        self.bob.post("/auth/password", {"current_password": new, "new_password": new}, status=401)
        self.bob.post("/auth/password", {"current_password": old, "new_password": new}, status=204)
        self.bob.post("/auth/signout", status=204)
        self.bob.get("/users/me", status=401)

    def forget_the_password(self) -> None:
        email, page = self.secrets["e-mail of Ann"], {"Accept": "text/html"}
        self.ann.post("/auth/verification", status=204)
        assert self.guest.http.post("/api/auth/forgot", json={"email": email}).status_code == 204
        nobody = {"email": self.new("e-mail that nobody has", "%s@example.org")}
        assert self.guest.http.post("/api/auth/forgot", json=nobody).status_code == 204
        tokens = {purpose: self.keep(f"a mailed token to {purpose}", self.mailed(purpose)) for purpose in PURPOSES}
        for purpose, token in tokens.items():
            assert self.guest.http.get(f"/{purpose}/{token}", headers=page).status_code == 200
        wrong, new = self.new("no mailed token"), self.new("password by mail")
        for token, status in ((wrong, 404), (tokens["verify"], 204)):
            assert self.guest.http.post("/api/auth/verify", json={"token": token}).status_code == status
        for token, status in ((wrong, 404), (tokens["reset"], 204), (tokens["reset"], 404)):
            answer = self.guest.http.post("/api/auth/reset", json={"token": token, "password": new})
            assert answer.status_code == status

    def mailed(self, purpose: str) -> str:
        """The token of a mail to Ann that the worker has written."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            for file in (self.system.folder / "mail").glob("*.eml"):
                mail = parsed(file.read_bytes())
                if mail["To"] == self.secrets["e-mail of Ann"] and f"/{purpose}/" in mail.get_content():
                    return token_in(mail)
            time.sleep(0.1)
        raise AssertionError(f"no mail to {purpose} has come")
