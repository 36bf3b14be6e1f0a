"""For tests of the workload's parts: people without a service, and services that say what a test has told them to."""

from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

import gevent
import orjson
from gevent import socket
from gevent.server import StreamServer

from tests.faults.workload.chain import Chain
from tests.faults.workload.history import now
from tests.faults.workload.people import Person
from tests.faults.workload.run import Run
from tests.faults.workload.sessions import Session
from tests.faults.workload.web import Answer, Request, Web

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
REFUSED, NO_ANSWER = 0, None
"""For scripts, beside statuses: the connection was refused; the request was sent, and nothing came."""


def a_run(folder: Path, **layout: Any) -> Run:
    told = {"seed": 1, "web": ["http://x:1", "http://x:2"], "notify": ["http://x:3"]}
    (folder / "layout.json").write_bytes(orjson.dumps(told | layout))
    return Run(folder)


def a_person(user_id: int = 7) -> Person:
    """With one session, whose id is ten times that of the person."""
    person = Person(user_id)
    person.id = user_id
    Session(person, token_of(user_id * 10), "refresh-1")
    return person


def a_chain(run: Run, cursor: str = "c0") -> Chain:
    person = a_person()
    chain = Chain(run, person, person.sessions[0], "steady")
    chain.cursor = cursor
    return chain


def token_of(session_id: int, mark: str = "") -> str:
    claims = urlsafe_b64encode(orjson.dumps({"sid": session_id})).decode().rstrip("=")
    return f"head{mark}.{claims}.signature"


def message_event(seq: int, cursor: str) -> bytes:
    message = {"id": seq + 100, "seq": seq, "content": f"m-{seq}"}
    data = orjson.dumps({"type": "message.created", "chat_id": 5, "message": message})
    return b"event: message.created\ndata: " + data + f"\nid: {cursor}\n\n".encode()


def calls(run: Run) -> list[Any]:
    run.history.flush()
    return [orjson.loads(line) for line in Path(run.history.calls.file.name).read_bytes().splitlines()]


def streamed(run: Run, kind: str) -> list[list[Any]]:
    """The lines of this kind, without their times and the chain."""
    run.history.flush()
    lines = [orjson.loads(line) for line in Path(run.history.streams.file.name).read_bytes().splitlines()]
    return [line[3:] for line in lines if line[0] == kind]


class ScriptedWeb(Web):
    def __init__(self, name: str, script: list[Any], asked: list[tuple[str, Request, str | None]]) -> None:
        super().__init__(name, "http://x:1")
        self.script, self.asked = script, asked

    def ask(self, request: Request, token: str | None, seconds: float) -> Answer:
        self.asked.append((self.name, request, token))
        status, fields = self.script.pop(0)
        return Answer(self.name, now(), now(), status or None, orjson.dumps(fields), sent=status != REFUSED)


def scripted(run: Run, *answers: Any) -> list[tuple[str, Request, str | None]]:
    """What the two webs answer, in turn: a status, or one with fields. Gives what they will have been asked."""
    script = [answer if isinstance(answer, tuple) else (answer, {}) for answer in answers]
    asked: list[tuple[str, Request, str | None]] = []
    run.webs = [ScriptedWeb(name, script, asked) for name in ("web1", "web2")]
    return asked


class ScriptedNotify:
    """Says one of the answers on each connection and ends it, after that many seconds; `asked` has the requests."""

    def __init__(self, run: Run, *answers: bytes, open_for: float = 0) -> None:
        self.answers, self.open_for = list(answers), open_for
        self.asked: list[str] = []
        self.server = StreamServer(("127.0.0.1", 0), self._serve)
        self.server.start()
        run.notifies = [("notify1", f"http://127.0.0.1:{self.server.server_port}")]

    def _serve(self, sock: socket.socket, address: Any) -> None:
        self.asked.append(sock.recv(4096).decode())
        sock.sendall(self.answers.pop(0))
        gevent.sleep(self.open_for)
        sock.close()
