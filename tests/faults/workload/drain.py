"""The end of a run: one last message in each chat, and every stream is to see those that are for its person."""

import math

import gevent
from gevent.pool import Pool

from tests.faults.workload.chats import Chat
from tests.faults.workload.history import now
from tests.faults.workload.looking import look_at_list
from tests.faults.workload.pacing import Pacing
from tests.faults.workload.people import Person
from tests.faults.workload.readers import Reader
from tests.faults.workload.run import Run

BOUND = 60.0
"""Seconds for each: the last messages, who is to see them, and until they are seen."""


NEVER = math.inf
"""The `seq` of a last message that could not be sent: no chain has seen it, so that all of that chat are late."""


def drain(run: Run, pacing: Pacing, people: list[Person], chats: list[Chat], readers: list[Reader]) -> None:
    """Begins nothing new; the last line of the calls says which chains are `late`."""
    began = now()
    run.draining.set()
    pacing.join()
    finals: dict[int, float] = {chat.id: NEVER for chat in chats}
    pool = Pool()
    for chat in chats:
        run.spawn(pool, _last_message, pacing, chat, finals)
    pool.join()
    chats_of = _chats_of(run, people)
    until = now() + BOUND
    while (late := _late(readers, chats_of, finals)) and now() < until:
        gevent.sleep(0.05)
    run.history.call({"op": "drained", "began": began, "ended": now(), "late": late})


def _last_message(pacing: Pacing, chat: Chat, finals: dict[int, float]) -> None:
    content, until = f"final {chat.id}", now() + BOUND
    while finals[chat.id] == NEVER and now() < until:
        message = pacing.sending.send(chat, chat.owner, content, content)
        if message:
            finals[chat.id] = int(str(message["seq"]))
        else:
            gevent.sleep(0.5)


def _chats_of(run: Run, people: list[Person]) -> dict[int, set[int]]:
    """The chats by the id of the person, as the service says now; a person of whom it says nothing is missing."""
    found: dict[int, set[int]] = {}

    def look(person: Person) -> None:
        until = now() + BOUND
        while person.id not in found and now() < until:
            told = look_at_list(run, person, afresh=True)
            if told:
                found[person.id] = {int(chat_id) for chat_id in told[1]}
            else:
                gevent.sleep(0.5)

    pool = Pool(8)
    for person in people:
        run.spawn(pool, look, person)
    pool.join()
    return found


def _late(readers: list[Reader], chats_of: dict[int, set[int]], finals: dict[int, float]) -> list[int]:
    """The chains that lack a last message."""

    def lacks(reader: Reader) -> bool:
        seen, chats = reader.chain.seen if reader.chain else {}, chats_of.get(reader.person.id)
        return chats is None or any(seen.get(chat_id, 0) < finals.get(chat_id, 0) for chat_id in chats)

    return [reader.chain.number if reader.chain else 0 for reader in readers if lacks(reader)]
