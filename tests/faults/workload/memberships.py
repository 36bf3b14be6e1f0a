"""People who come into chats and go, while they and others post there."""

import gevent
from gevent.pool import Pool

from tests.faults.workload.chats import Chat
from tests.faults.workload.operations import Operation
from tests.faults.workload.people import Person
from tests.faults.workload.run import Run
from tests.faults.workload.sending import Sending
from tests.faults.workload.web import Request

FEWEST = 2
"""Members that a chat keeps."""

REST = 30.0
"""Seconds after a change that nobody answered: it may yet be carried out, so the next one of that pair waits."""

EXPECTED = {"add": {201, 403, 404}, "join": {200}, "remove": {204, 404}, "leave": {204, 403, 404}}
COMING = ("add", "join")


class Memberships:
    """Each change is tried once; what is unclear is done again later, as an operation of its own."""

    def __init__(self, run: Run, chats: list[Chat], sending: Sending) -> None:
        self.run, self.sending, self.rng = run, sending, run.rng("memberships")
        self.chats = [chat for chat in chats if chat.changes]
        self.pool, self.last_posts = Pool(100), Pool(200)

    def next(self) -> None:
        """Begins one change, if there is any that can be made now."""
        chat = self.rng.choice(self.chats)
        leavers = [p for p in chat.members if p is not chat.owner and p.id not in chat.busy]
        comers = [p for p in chat.outside if p.id not in chat.busy]
        going = len([p for p in chat.members if p.id not in chat.busy]) > FEWEST and leavers
        if going and (not comers or self.rng.random() < 0.5):
            self._begin(chat, self.rng.choice(("remove", "leave")), self.rng.choice(leavers))
        elif comers:
            way = self.rng.choice(COMING) if chat.type == "public_channel" else "add"
            self._begin(chat, way, self.rng.choice(comers))

    def _begin(self, chat: Chat, way: str, whom: Person) -> None:
        chat.busy.add(whom.id)
        if way not in COMING:
            for after in (*(self.rng.uniform(0, 0.012) for _ in range(4)), self.rng.uniform(0.3, 10)):
                self.run.spawn(self.last_posts, self._post, chat, whom, after)
        by = {"add": self._adder(chat), "remove": chat.owner}.get(way, whom)
        self.run.spawn(self.pool, self._until_clear, chat, way, by, whom)

    def _adder(self, chat: Chat) -> Person:
        """In a private channel that is its owner's to do."""
        sure = [p for p in chat.members if p.id not in chat.busy]
        return chat.owner if chat.type == "private_channel" else self.rng.choice(sure)

    def _post(self, chat: Chat, whom: Person, after: float) -> None:
        """Tries to get a last word in while it is being put out, or after."""
        if not self.run.draining.wait(after):
            self.sending.send_refused(chat, whom)

    def _until_clear(self, chat: Chat, way: str, by: Person, whom: Person) -> None:
        operation = self._change(chat, way, by, whom)
        while not operation.is_clear or operation.status in (None, 401):
            if self.run.draining.wait(REST):
                gevent.sleep(1)
            # Others may be out by then, and their refusal would tell nothing.
            operation = self._change(chat, way, chat.owner if way == "add" else by, whom)
        chat.busy.discard(whom.id)

    def _change(self, chat: Chat, way: str, by: Person, whom: Person) -> Operation:
        operation = by.carry_out(
            self.run, way, _request(chat, way, whom), EXPECTED[way], repeats=False, chat=chat.id, whom=whom.id
        )
        operation.log()
        if way in COMING and operation.status in (200, 201):
            chat.let_in(whom)
        elif way not in COMING and operation.status in EXPECTED[way]:
            chat.let_out(whom)  # also where it is told to be out already
        return operation


def _request(chat: Chat, way: str, whom: Person) -> Request:
    path = f"/api/chats/{chat.id}"
    if way == "add":
        return Request("POST", f"{path}/members", {"user_ids": [whom.id]})
    if way == "remove":
        return Request("DELETE", f"{path}/members/{whom.id}")
    return Request("POST", f"{path}/{way}")
