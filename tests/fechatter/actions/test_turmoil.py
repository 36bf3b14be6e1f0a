"""Many people doing everything at once: whatever comes of it, the tables hold together and agree with the events."""

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from psycopg2 import errorcodes
from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from fechatter.actions import blocks, chat_members, chats, invites, suspensions, workspace_members
from fechatter.actions.chats import Plan
from fechatter.actions.invites import Offer
from fechatter.actions.reading import mark_read
from fechatter.errors import ChatError
from fechatter.models import ChatMember
from tests.factories import a_user, a_workspace, join_workspace
from tests.fechatter.actions.invariants import broken_rules
from tests.fechatter.actions.test_invites import WEEK

Action = Callable[[Session, random.Random], Any]


class Turmoil:
    """Eight people in one workspace, who come back when they were removed."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        with Session(engine, expire_on_commit=False) as session, session.begin():
            people = [a_user(session) for _ in range(8)]
            workspace = a_workspace(session, people[0])
            for person in people[1:]:
                join_workspace(session, workspace, person, "admin" if person is people[1] else "member")
            self.workspace_id, self.people = workspace.id, [person.id for person in people]
            self.token = invites.create_invite(session, self.people[0], self.workspace_id, Offer("member", WEEK))[1]
        self.chats = [0]
        self.done: Counter[str] = Counter()
        self.collided: Counter[str] = Counter()
        common = [self.make, self.add, self.add, self.join, self.leave, self.remove, self.role, self.come_back]
        self.actions = [*common, *common, *common, self.expel, self.read, self.rename, self.drop]
        self.actions += [self.suspend, self.let_in, self.let_in, self.block, self.unblock]

    def act(self, dice: random.Random) -> bool:
        """One write, and whether it was done: refusals are part of the game; what collides its door may try again."""
        action = dice.choice(self.actions)
        try:
            with Session(self.engine, expire_on_commit=False) as session, session.begin():
                action(session, dice)
            self.done[action.__name__] += 1
            return True
        except ChatError:
            return False
        except DBAPIError as error:
            if getattr(error.orig, "pgcode", None) != errorcodes.DEADLOCK_DETECTED:
                raise
            self.collided[action.__name__] += 1
            return False

    def who(self, dice: random.Random) -> int:
        return dice.choice(self.people)

    def where(self, dice: random.Random) -> int:
        return dice.choice(self.chats[-9:])

    def inside(self, session: Session, dice: random.Random) -> tuple[int, int]:
        """Somebody in a chat, and that chat."""
        chat_id = self.where(dice)
        people = session.scalars(select(ChatMember.user_id).where(ChatMember.chat_id == chat_id)).all()
        return dice.choice([*people, self.who(dice)]), chat_id

    def make(self, session: Session, dice: random.Random) -> None:
        type = dice.choice(("single", "group", "private_channel", "public_channel"))
        name = f"Room {dice.randrange(30)}" if "channel" in type else None
        others = {self.who(dice) for _ in range(1 if type == "single" else 3)}
        chat, _ = chats.create_chat(session, self.who(dice), self.workspace_id, Plan(type, name, "", others))
        self.chats.append(chat.id)

    def join(self, session: Session, dice: random.Random) -> None:
        chat_members.join_chat(session, self.who(dice), self.where(dice))

    def add(self, session: Session, dice: random.Random) -> None:
        chat_members.add_members(session, *self.inside(session, dice), {self.who(dice) for _ in range(3)})

    def leave(self, session: Session, dice: random.Random) -> None:
        chat_members.leave_chat(session, *self.inside(session, dice))

    def remove(self, session: Session, dice: random.Random) -> None:
        chat_members.remove_member(session, *self.inside(session, dice), self.who(dice))

    def role(self, session: Session, dice: random.Random) -> None:
        role = dice.choice(("owner", "admin", "member"))
        chat_members.change_member_role(session, *self.inside(session, dice), self.who(dice), role)

    def read(self, session: Session, dice: random.Random) -> None:
        mark_read(session, *self.inside(session, dice), dice.randrange(1, 9))

    def rename(self, session: Session, dice: random.Random) -> None:
        chats.change_chat(session, *self.inside(session, dice), {"name": f"Room {dice.randrange(30)}"})

    def drop(self, session: Session, dice: random.Random) -> None:
        chats.delete_chat(session, *self.inside(session, dice))

    def expel(self, session: Session, dice: random.Random) -> None:
        workspace_members.remove_from_workspace(session, self.people[0], self.workspace_id, self.who(dice))

    def suspend(self, session: Session, dice: random.Random) -> None:
        suspensions.suspend(session, self.people[0], self.workspace_id, self.who(dice))

    def let_in(self, session: Session, dice: random.Random) -> None:
        suspensions.unsuspend(session, self.people[0], self.workspace_id, self.who(dice))

    def block(self, session: Session, dice: random.Random) -> None:
        blocks.block(session, self.who(dice), self.who(dice))

    def unblock(self, session: Session, dice: random.Random) -> None:
        blocks.unblock(session, self.who(dice), self.who(dice))

    def come_back(self, session: Session, dice: random.Random) -> None:
        invites.accept_invite(session, self.who(dice), self.token)


@pytest.mark.parametrize("seed", range(2))
def test_the_tables_hold_together_and_agree_with_the_events(engine: Engine, seed: int) -> None:
    turmoil = Turmoil(engine)

    def run(thread: int) -> None:
        dice = random.Random(seed * 100 + thread)
        # How much of it is refused is luck (whoever is suspended can do nothing): what counts is what is done.
        done = 0
        while done < 30:
            done += turmoil.act(dice)

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(run, range(6)))
    assert broken_rules(engine, turmoil.workspace_id) == {}
    # Two channels that swap their names lock against each other; all else goes by one order.
    assert turmoil.collided.keys() <= {"rename"}
