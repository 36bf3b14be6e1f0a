"""What there is before the faults begin: accounts, two workspaces, chats, and who is in them."""

from collections.abc import Callable, Collection
from random import Random
from typing import Any

import gevent
from gevent.pool import Pool

from tests.faults.workload.chats import KINDS, Chat
from tests.faults.workload.layout import PASSWORD
from tests.faults.workload.operations import Operation
from tests.faults.workload.people import Person
from tests.faults.workload.run import Run
from tests.faults.workload.sessions import begun, sign_in
from tests.faults.workload.web import Request

AT_ONCE = 8
CHANGING = 8
"""So many chats, after the first, may have people come and go; a single cannot."""

COMERS = 4
"""People who are outside of such a chat at first."""


def set_up(run: Run) -> tuple[list[Person], list[Chat]]:
    """Goes on until all is there."""
    people = [Person(number) for number in range(run.layout.people)]
    _each(run, people, lambda person: _sign_up(run, person))
    rng = run.rng("setup")
    others = rng.sample(people[1:], max(3, len(people) // 3))
    all_in = _workspace(run, "Faults", people[0], people[1:]), people
    some_in = _workspace(run, "Second", people[0], others), [people[0], *others]
    chats = []
    for number in range(run.layout.chats):
        workspace_id, there = some_in if number % 5 == 2 else all_in
        chats.append(_first_chat(run, *all_in) if number == 0 else _chat(run, rng, number, workspace_id, there))
    return people, chats


def _each(run: Run, people: Collection[Person], act: Callable[[Person], Any]) -> None:
    pool = Pool(AT_ONCE)
    for person in people:
        run.spawn(pool, act, person)
    pool.join()


def _until_done(run: Run, person: Person, request: Request, expected: Collection[int]) -> Operation:
    """Of the operations here only memberships stand in the history."""
    while True:
        operation = person.carry_out(run, "setup", request, expected)
        if operation.status in expected:
            return operation
        gevent.sleep(0.5)


def _sign_up(run: Run, person: Person) -> None:
    body = {"email": person.email, "password": PASSWORD, "name": f"Person {person.number}"}
    operation = Operation(run, "signup", 0)
    for web in operation.tries():
        operation.ask(web, Request("POST", "/api/auth/signup", body), None, {201, 409})
    if not begun(person, operation):
        sign_in(run, person)  # to the account that a try without an answer has made


def _workspace(run: Run, name: str, owner: Person, others: Collection[Person]) -> int:
    """Its id, with these people in it."""
    made = _until_done(run, owner, Request("POST", "/api/workspaces", {"name": name}), {201})
    workspace_id = made.fields["id"]
    path = f"/api/workspaces/{workspace_id}/invites"
    token = _until_done(run, owner, Request("POST", path, {"role": "member"}), {201}).fields["token"]
    accept = Request("POST", f"/api/invites/{token}/accept")
    _each(run, others, lambda person: _until_done(run, person, accept, {200}))
    return int(workspace_id)


def _first_chat(run: Run, workspace_id: int, people: list[Person]) -> Chat:
    return _make(run, workspace_id, "public_channel", 0, people)


def _chat(run: Run, rng: Random, number: int, workspace_id: int, there: list[Person]) -> Chat:
    kind = KINDS[(number - 1) % len(KINDS)]
    changes = kind != "single" and number <= CHANGING
    size = 2 if kind == "single" else rng.randint(4, 8)
    drawn = rng.sample(there, min(len(there), size + (COMERS if changes else 0)))
    most = len(drawn) - 1 if changes else len(drawn)
    chat = _make(run, workspace_id, kind, number, drawn[: min(size, most)])
    if changes:
        chat.changes, chat.outside = True, drawn[min(size, most) :]
    return chat


def _make(run: Run, workspace_id: int, kind: str, number: int, members: list[Person]) -> Chat:
    """The first of the members is its owner."""
    owner, others = members[0], members[1:]
    body = {"workspace_id": workspace_id, "type": kind, "member_ids": [other.id for other in others]}
    name = {} if kind == "single" else {"name": f"chat {number}"}
    operation = _until_done(run, owner, Request("POST", "/api/chats", body | name), {200, 201})
    chat = Chat(operation.fields["id"], kind, owner, members)
    for member in members:
        operation.line |= {"op": "member", "chat": chat.id, "whom": member.id}
        operation.log()
    return chat
