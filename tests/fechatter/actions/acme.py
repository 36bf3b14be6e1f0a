"""A workspace whose rows are committed, for writes that overlap in it."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from fechatter.actions import chats
from fechatter.actions.chats import Plan
from fechatter.errors import ChatError
from tests.factories import a_session, a_user, a_workspace, join_workspace
from tests.fechatter.actions.invariants import broken_rules
from tests.fechatter.actions.races import Outcome, Write, overlap

BOTH_ORDERS = pytest.mark.parametrize("swapped", [False, True], ids=["as named", "the other first"])


class Acme:
    """A workspace of two owners, Maria and Ben, with an admin, a member and a guest; all of it committed."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        with Session(engine, expire_on_commit=False) as session, session.begin():
            people = [a_user(session) for _ in range(5)]
            self.maria, self.ben, self.admin, self.cleo, self.guest = (person.id for person in people)
            self.sign_in = a_session(session, people[1]).id
            workspace = a_workspace(session)
            for person, role in zip(people, ("owner", "owner", "admin", "member", "guest"), strict=True):
                join_workspace(session, workspace, person, role)
            self.id = workspace.id

    def write(self, action: Callable[..., Any], *values: Any) -> Any:
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            return action(session, *values)

    def chat(self, type: str, *people: int) -> int:
        """Made by the first of these people with the others."""
        plan = Plan(type, type if "channel" in type else None, member_ids=people[1:])
        return self.write(chats.create_chat, people[0], self.id, plan)[0].id

    def race(self, one: Write, other: Write, swapped: bool) -> tuple[Outcome, Outcome]:
        """The outcomes of `one` and `other`, whichever of them came first."""
        first, second = (other, one) if swapped else (one, other)
        outcomes = overlap(self.engine, first, second)
        assert broken_rules(self.engine, self.id) == {}
        return outcomes[::-1] if swapped else outcomes


def calling(action: Callable[..., Any], *values: Any) -> Write:
    return lambda session: action(session, *values)


def refusals(*outcomes: Outcome) -> list[type[ChatError] | None]:
    return sorted([type(o.refusal) if o.refusal else None for o in outcomes], key=lambda kind: kind is not None)
