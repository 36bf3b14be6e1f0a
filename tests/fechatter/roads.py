"""The busiest roads, whose plans are looked at: the statements of reading, here and in `bench/`, and posts together."""

from sqlalchemy.orm import Session

from fechatter.access import CALLER
from fechatter.actions.posting import Post, post_messages
from fechatter.queries.chat_list import LIST, NO_LIST
from fechatter.queries.messages import HISTORY, Bounds, reach

Statement = tuple[str, tuple[object, ...]]


def statements_of_reading(newest: int) -> dict[str, Statement]:
    """Person 1 asks, from session 1; of history that of chat 1, whose newest message has this `seq`."""

    def page(**bounds: int) -> Statement:
        return HISTORY, (1, 1, 1, *reach(Bounds(**bounds), 50), 50)

    return {
        "who asks": (CALLER, (1, 1)),
        "history, newest": page(),
        "history, middle": page(before=newest // 2),
        "history, oldest": page(after=0),
        "history, around": page(around=newest // 2),
        "the chat list": (LIST, (1, 1, None, *NO_LIST)),
        "the chat list of a workspace": (LIST, (1, 1, 1, *NO_LIST)),
        "whether a kept list is still true": (LIST, (1, 1, None, 0, [*range(1, 1001)])),
    }


def posts_together(session: Session, wait: bool) -> str:
    """What became of the posts of person 1: while it may not wait, one is to a chat that is none of its own."""
    posts = [Post(1, 1, chat_id, "Hello") for chat_id in ((1, 1) if wait else (1, 2, 1))]
    return " ".join(posted.outcome if posted else "busy" for posted in post_messages(session.connection(), posts, wait))
