"""A chat with two people that several connections write to at once, and a way to see what came of it."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from typing import Any, NamedTuple

from sqlalchemy import Engine, Row, text
from sqlalchemy.orm import Session

from fechatter import models
from fechatter.actions.posting import Post, Posted, post_message
from tests import factories
from tests.factories import committed


class Scene(NamedTuple):
    """A group of ann, who owns it and the workspace, and ben; all committed."""

    engine: Engine
    pool: ThreadPoolExecutor
    chat: models.Chat
    ann: models.User
    ben: models.User
    sessions: dict[int, int]

    def post(self, user: models.User, content: str = "x", **more: Any) -> Posted:
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            return post_message(connection, Post(self.sessions[user.id], user.id, self.chat.id, content, **more))

    def post_in(self, session: Session, user: models.User) -> Posted:
        """Within a transaction that stays open."""
        return post_message(session.connection(), Post(self.sessions[user.id], user.id, self.chat.id, "x"))

    def post_later(self, user: models.User, **more: Any) -> "Future[Posted]":
        return self.pool.submit(self.post, user, **more)

    def later(self, action: Callable[..., Any], *values: Any) -> "Future[Any]":
        """The action in a transaction of its own, on another thread."""

        def run() -> Any:
            with committed(self.engine) as session:
                return action(session, *values)

        return self.pool.submit(run)

    def under_way(self) -> AbstractContextManager[Session]:
        """A transaction whose writes are there for nobody until the block's end, where it commits."""
        return committed(self.engine)

    def ask(self, query: str) -> list[Row[Any]]:
        """Rows of what is committed; `:chat` and `:workspace` are this scene's."""
        with self.engine.connect() as connection:
            values = {"chat": self.chat.id, "workspace": self.chat.workspace_id}
            return list(connection.execute(text(query), values).all())

    def recorded(self) -> list[str]:
        """The types of the workspace's events that wait for the relay, in the order of their ids."""
        return [row.type for row in self.ask("SELECT type FROM outbox WHERE workspace_id = :workspace ORDER BY id")]

    def messages(self) -> list[Row[Any]]:
        return self.ask("SELECT * FROM messages WHERE chat_id = :chat ORDER BY seq")

    def last_seq(self) -> int:
        return int(self.ask("SELECT last_seq FROM chats WHERE id = :chat")[0].last_seq)


@contextmanager
def a_scene(engine: Engine) -> Iterator[Scene]:
    with committed(engine) as session:
        ann, ben = factories.a_user(session, "ann"), factories.a_user(session, "ben")
        chat = factories.a_chat(session, factories.a_workspace(session, ann), "group", with_members=[ann, ben])
        sessions = {person.id: factories.a_session(session, person).id for person in (ann, ben)}
    with ThreadPoolExecutor(20) as pool:
        yield Scene(engine, pool, chat, ann, ben, sessions)


def lock_chat(session: Session, chat: models.Chat) -> None:
    """What every write to a chat begins with."""
    session.execute(text("SELECT FROM chats WHERE id = :id FOR NO KEY UPDATE"), {"id": chat.id})
