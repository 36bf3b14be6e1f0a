"""The door owns the transaction: it begins one, reads who asks, runs the view, commits, and then wakes the relay."""

from collections.abc import Callable
from functools import wraps
from random import uniform
from time import sleep
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from app.auth import load_caller
from app.limited import address
from app.services import services
from fechatter.audit import ORIGIN, Origin
from fechatter.outbox import mailed, woken
from frame.database_errors import is_collision
from frame.requests import request_id

T = TypeVar("T")
View = Callable[..., Any]

PAUSE = (0.01, 0.05)
"""Seconds."""


def in_transaction(work: Callable[[Session], T]) -> T:
    """What `work(session)` returns, once that is committed. If it collides with another, it is run once more.

    For a view that must do something before or after (hash a password, refuse although something is to stay
    written); such a view takes no session and calls this itself. The others use `@transactional`.
    """
    try:
        return _run(services().sessions, work)
    except DBAPIError as error:
        if not is_collision(error):
            raise
    step_back()
    return _run(services().sessions, work)


def step_back() -> None:
    """Behind a collision, so that the other one is through before this is tried again, and does not meet it twice."""
    sleep(uniform(*PAUSE))  # noqa: S311 - jitter


def _run(sessions: sessionmaker[Session], work: Callable[[Session], T]) -> T:
    with sessions() as session:
        session.info[ORIGIN] = Origin(address(), request_id())
        load_caller(session)
        result = work(session)
        session.commit()
        workspaces, has_mail = woken(session), mailed(session)
    if workspaces or has_mail:
        services().wakeup.wake(workspaces, has_mail)
    return result


def transactional(view: View) -> View:
    """Gives the view a database session as its first argument and commits when it has returned.

    The innermost decorator of a view, so that no connection is held while a body arrives or an answer leaves:

        @blueprint.route("/chats/<id:chat_id>", methods=["PATCH"])
        @signed_in
        @blueprint.arguments(ChatChanges)
        @answers(200, ChatSchema, refuses=(403, 409))
        @transactional
        def change_chat(session: Session, changes: dict[str, Any], chat_id: int) -> Shape:
            \"\"\"Rename a chat or set its topic\"\"\"
            seat = chat_for(session, current_caller().user_id, chat_id, lock=True)
            return rename_chat(session, seat, changes)
    """

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return in_transaction(lambda session: view(session, *args, **kwargs))

    return wrapper


def reading(view: View) -> View:
    """Like `transactional` for a view that only reads: no transaction, each statement sees the present."""

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return _run(services().reading, lambda session: view(session, *args, **kwargs))

    return wrapper
