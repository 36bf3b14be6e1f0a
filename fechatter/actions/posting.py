"""Posting messages: one statement for one, and one for all that come at the same time in a process."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from fechatter.db import fetch
from fechatter.shapes import Shape, maybe_rfc3339, rfc3339
from fechatter.together import Together

Outcome = Literal[
    "created", "repeated", "session_ended", "absent", "outside", "blocked", "read_only", "slow_mode", "bad_reply"
]

POST = """
SELECT outcome, id, seq, content, reply_to, created_at, edited_at, deleted_at, workspace_id, retry_after
  FROM post_message_v2(%s, %s, %s, %s, %s, %s)
"""
POST_TOGETHER = """
SELECT outcome, id, seq, content, reply_to, created_at, edited_at, deleted_at, workspace_id, retry_after
  FROM post_messages_v1(%s, %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::bigint[]) ORDER BY n
"""

ONES_OWN_FAULT = ("22", "23")
"""The classes of PostgreSQL's codes for what lies in a value: of those who post together only one need have sent it."""


class Post(NamedTuple):
    """What somebody asks for: `chat_id` may be any number, the rest is as a request has it."""

    session_id: int
    user_id: int
    chat_id: int
    content: str
    client_id: str | None = None
    reply_to: int | None = None


class Posted(NamedTuple):
    """`shape` is the message of `created` and `repeated`; see `post_message.sql` for the outcomes. `retry_after` is in
    seconds, and of `slow_mode` alone."""

    outcome: Outcome
    shape: Shape | None
    workspace_id: int | None
    retry_after: int | None = None


def post_message(where: Engine | Connection, post: Post) -> Posted:
    """The whole post in one statement, which also decides whether it may be: no other check is needed before.

    Of an engine it commits by itself, so that a caller that stops right behind it holds no chat's lock; see `db.fetch`.
    """
    [row] = fetch(where, POST, post)
    return _posted(post, row)


def post_messages(where: Engine | Connection, posts: Sequence[Post], wait: bool) -> list[Posted | None]:
    """Several in one statement, which commits by itself: all of them or, where it raises, none.

    Unless they are to `wait`, which only posts to one chat may, None stands for what would have to: nothing was done.
    """
    rows = fetch(where, POST_TOGETHER, (wait, *(list(values) for values in zip(*posts, strict=True))))
    return [None if row[0] == "busy" else _posted(post, row) for post, row in zip(posts, rows, strict=True)]


def _posted(post: Post, row: Sequence[Any]) -> Posted:
    outcome, message_id, seq, content, reply_to, created_at, edited_at, deleted_at, workspace_id, retry_after = row
    if outcome not in ("created", "repeated"):
        return Posted(outcome, None, workspace_id, retry_after)
    shape: Shape = {
        "id": message_id,
        "chat_id": post.chat_id,
        "seq": seq,
        "sender_id": post.user_id,
        "content": content,
        "client_id": post.client_id,
        "reply_to": reply_to,
        "created_at": rfc3339(created_at),
        "edited_at": maybe_rfc3339(edited_at),
        "deleted_at": maybe_rfc3339(deleted_at),
    }
    return Posted(outcome, shape, workspace_id)


LONG_PATIENCE = 1.0
"""Seconds, in the line of one chat: a second call beside the first would wait for the same lock, on a connection of its
own."""

TRIES = 2
"""In the line of all: a chat that another process posts to is mostly free again by the next call."""

Line = Together[Post, Posted | None]


class Posting:
    """One in a process, made after the fork; safe for threads.

    Posts go out in one line, each call with all that have come while the one before was under way. It waits for no
    lock: whose chat is busy stands in a line of that chat, where all wait for it in one call, and nobody else does.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._line = Line(lambda posts: self._carry_out(posts, wait=False))
        self._lock = threading.Lock()
        self._of_chats: dict[int, tuple[Line, int]] = {}

    def post(self, post: Post) -> Posted:
        """Raises what `db.fetch` does, and Unavailable; see `Together.ask`."""
        for _ in range(TRIES):
            if post.chat_id not in self._of_chats and (posted := self._line.ask(post)):
                return posted
        with self._line_of(post.chat_id) as line:
            return line.ask(post) or post_message(self.engine, post)

    @contextmanager
    def _line_of(self, chat_id: int) -> Iterator[Line]:
        """There is one as long as anybody stands in it."""
        with self._lock:
            line, there = self._of_chats.get(chat_id) or (self._new_line(), 0)
            self._of_chats[chat_id] = line, there + 1
        try:
            yield line
        finally:
            with self._lock:
                line, there = self._of_chats.pop(chat_id)
                if there > 1:
                    self._of_chats[chat_id] = line, there - 1

    def _new_line(self) -> Line:
        return Line(lambda posts: self._carry_out(posts, wait=True), LONG_PATIENCE)

    def _carry_out(self, posts: list[Post], wait: bool) -> list[Posted | None]:
        """None for those that must try again or alone."""
        if wait and len(posts) == 1:
            return [post_message(self.engine, posts[0])]
        try:
            return post_messages(self.engine, posts, wait)
        except DBAPIError as error:
            if (getattr(error.orig, "pgcode", None) or "").startswith(ONES_OWN_FAULT):
                return [None] * len(posts)
            raise
