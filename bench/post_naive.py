"""The usual way to build it (`bench/baselines/naive`): gunicorn with two processes, and a Celery worker."""

import os
import random
import threading
import time
import uuid
from collections.abc import Mapping
from pathlib import Path

import jwt
import orjson
from redis import Redis
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bench.baselines.naive.models import Base, Chat, Member, Message, User
from bench.http_load import render
from bench.post_other import Other
from bench.post_ours import MOST_A_SECOND
from bench.posting import WORDS
from bench.system import HOST, PATIENCE, System
from launcher import environment
from launcher.errors import LaunchError
from launcher.paths import PROJECT
from launcher.process import Process
from launcher.servers import wait_until_ready

GUNICORN = ("gunicorn", "--workers", "2", "--log-level", "warning", "bench.baselines.naive.web:create_app()")
CELERY = ("celery", "--quiet", "--app", "bench.baselines.naive.tasks", "worker", "--concurrency", "2")


class Naive(Other):
    """Of the system's Redis it has database 1."""

    name, front, most_a_second = "naive", "web", MOST_A_SECOND // 4

    def __init__(self, system: System, teams: int, each: int) -> None:
        super().__init__(system)
        self.published, self.secret = 0, uuid.uuid4().hex * 2
        self.redis = system.redis.url.rpartition("/")[0] + "/1"
        self.engine = self.make_database()
        Base.metadata.create_all(self.engine)
        self.seats = [(user, chat) for _ in range(teams) for user, chat in self._team(each)]

    def start(self) -> None:
        self.web = self._process("naive-web", *GUNICORN, "--bind", f"{HOST}:{self.port}")
        self.worker = self._process("naive-worker", *CELERY)
        wait_until_ready(self.web, lambda: self.answers("/", 404), self._log("naive-web"))
        wait_until_ready(self.worker, self._has_worker, self._log("naive-worker"))
        self._listen()

    def pids(self) -> Mapping[str, int]:
        return {"web": self.web.pid, "worker": self.worker.pid, "redis": self.system.pid("redis")}

    def stored(self) -> int:
        with Session(self.engine) as session:
            return session.scalar(select(func.count(Message.client_id.distinct()))) or 0

    def _team(self, each: int) -> list[tuple[int, int]]:
        """As many people as chats, everybody in every chat; two people of each chat."""
        with Session(self.engine) as session, session.begin():
            users = [User(name="Ann") for _ in range(each)]
            chats = [Chat(name="room") for _ in range(each)]
            session.add_all([*users, *chats])
            session.flush()
            session.add_all(Member(chat_id=chat.id, user_id=user.id) for chat in chats for user in users)
            return [(users[(place + n) % each].id, chat.id) for place, chat in enumerate(chats) for n in range(2)]

    def requests(self, count: int) -> list[bytes]:
        tokens = {user: f"Bearer {self._token(user)}" for user, _ in self.seats}
        requests = list[bytes]()
        for user, chat in random.choices(self.seats, k=count):
            client_id = uuid.uuid4().hex
            body = orjson.dumps({"content": f"{WORDS} {client_id}", "client_id": client_id})
            headers = {"Authorization": tokens[user], "Content_Type": "application/json"}
            requests.append(render("POST", f"{self.url}/api/chats/{chat}/messages", body, **headers))
        return requests

    def _token(self, user: int) -> str:
        now = int(time.time())
        claims = {"sub": str(user), "type": "access", "fresh": False, "iat": now, "nbf": now, "exp": now + 900}
        return jwt.encode(claims | {"jti": uuid.uuid4().hex}, self.secret, algorithm="HS256")

    def _listen(self) -> None:
        """Counts what is published."""
        pubsub = self.stack.enter_context(Redis.from_url(self.redis).pubsub(ignore_subscribe_messages=True))  # type: ignore[no-untyped-call]
        pubsub.psubscribe("chat:*")
        over = threading.Event()

        def count() -> None:
            while not over.is_set():
                if pubsub.get_message(timeout=0.1):
                    self.published += 1

        thread = threading.Thread(target=count, name="naive listener")
        thread.start()
        self.stack.callback(thread.join)
        self.stack.callback(over.set)

    def drain(self) -> None:
        until = time.monotonic() + PATIENCE
        while self.published < self.posted:
            if time.monotonic() > until:
                raise LaunchError(f"the naive service published {self.published} of {self.posted} messages")
            time.sleep(0.05)

    def _process(self, name: str, program: str, *arguments: str) -> Process:
        log = os.open(self._log(name), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.stack.callback(os.close, log)
        url = self.engine.url.render_as_string(hide_password=False)
        told = {"PATH": os.environ.get("PATH", os.defpath), "DATABASE_URL": url, "REDIS_URL": self.redis}
        command = [str(environment.folder() / "bin" / program), *arguments]
        return self.stack.enter_context(
            Process(name, command, environment=told | {"SECRET_KEY": self.secret}, folder=PROJECT, output=log)
        )

    def _log(self, name: str) -> Path:
        return self.system.folder / f"{name}.log"

    def _has_worker(self) -> bool:
        clients = Redis.from_url(self.redis).client_list()
        return any(client["cmd"] == "brpop" and client["db"] == "1" for client in clients)
