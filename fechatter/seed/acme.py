"""Makes the company of `acme.txt`: its people, its workspace, its chats and what was said so far."""

import secrets
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.orm import Session

from fechatter.actions.accounts import create_account, password_hash_of
from fechatter.actions.chats import Plan, create_chat
from fechatter.actions.posting import Post, post_message
from fechatter.actions.reading import mark_read
from fechatter.actions.sessions import end_session, start_session
from fechatter.actions.workspace_members import enter_workspace
from fechatter.actions.workspaces import create_workspace
from fechatter.models import Session as SignIn
from fechatter.models import User
from fechatter.passwords import Passwords
from fechatter.seed.script import Scene, read_script

NAME = "Acme"
DOMAIN = "acme.example"
UNREAD = 2
"""Messages of each chat that those who did not write them still have before them."""

WORDS = (
    *("amber", "anchor", "cedar", "cloud", "coral", "ember", "falcon", "fern"),
    *("harbor", "hazel", "indigo", "lagoon", "maple", "otter", "pebble", "river"),
)
"""For a password that can be remembered: three of them and a number are 25 bits, and signing in is limited."""


class Demo(NamedTuple):
    workspace_id: int
    emails: list[str]
    password: str
    messages: int


class Person(NamedTuple):
    user: User
    sign_in: SignIn


def find_demo(session: Session) -> bool:
    """Whether it was made before."""
    return password_hash_of(session.connection(), f"ana@{DOMAIN}") is not None


def make_demo(session: Session) -> Demo:
    """In the transaction of `session`: all of it or nothing. Raises Conflict if one of its accounts is there."""
    script = read_script((Path(__file__).parent / "acme.txt").read_text(encoding="utf-8"))
    password = "-".join([secrets.choice(WORDS) for _ in range(3)] + [str(secrets.randbelow(9000) + 1000)])
    hashed = Passwords().hash(password)
    cast: dict[str, Person] = {}
    for short, name in script.people.items():
        user = create_account(session, f"{short}@{DOMAIN}", name, hashed)
        cast[short] = Person(user, start_session(session, user.id, "seed"))
    workspace_id = _make_workspace(session, [person.user for person in cast.values()])
    said = sum(_play(session, workspace_id, cast, scene) for scene in script.scenes)
    for person in cast.values():
        end_session(session, person.user.id, person.sign_in.id, "signed_out")
    return Demo(workspace_id, [person.user.email for person in cast.values()], password, said)


def _make_workspace(session: Session, people: list[User]) -> int:
    workspace = create_workspace(session, people[0].id, NAME)
    for user in people[1:]:
        enter_workspace(session, workspace, user.id, "member")
    return workspace.id


def _play(session: Session, workspace_id: int, cast: dict[str, Person], scene: Scene) -> int:
    people = [cast[short].user.id for short in scene.people]
    plan = Plan(scene.type, scene.name, scene.topic, people[1:])
    chat, _ = create_chat(session, people[0], workspace_id, plan)
    before: int | None = None
    for line in scene.lines:
        who = cast[line.speaker]
        answered = before if line.is_reply else None
        session.flush()
        posted = post_message(
            session.connection(), Post(who.sign_in.id, who.user.id, chat.id, line.text, reply_to=answered)
        )
        if posted.shape is None:
            raise RuntimeError(f"the script has {line.speaker} speak where it cannot: {posted.outcome}")
        before = posted.shape["id"]
    for user_id in people:
        mark_read(session, user_id, chat.id, len(scene.lines) - UNREAD)
    return len(scene.lines)
