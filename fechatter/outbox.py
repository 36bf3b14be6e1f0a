"""The one way out: an event is stored in the transaction of the write that it tells of."""

from typing import cast

import orjson
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from fechatter.events import Event
from fechatter.models import Outbox, User, UserChange

WOKEN = "fechatter.woken"


def record(session: Session, event: Event) -> int:
    """Stores the event and returns its outbox id, the `since` or `until` of a membership that it begins or ends.

    Call it behind the last lock: ids must rise in the order in which a chat's writes commit.
    """
    session.flush()
    session.info.setdefault(WOKEN, set()).add(event.workspace_id)
    row = insert(Outbox).values(
        workspace_id=event.workspace_id,
        audience=event.audience,
        chat_id=event.chat_id,
        to_user=event.to_user,
        message_id=event.message_id,
        type=event.type,
        body=orjson.dumps(event.body()).decode(),
    )
    return cast(int, session.scalar(row.returning(Outbox.id)))


def record_user_change(
    session: Session, user_id: int, kind: str, session_id: int | None = None, reason: str | None = None
) -> None:
    """Tells a person's open streams of a fact that no feed of theirs carries: `workspace_joined`, `session_ended`."""
    session.add(UserChange(user_id=user_id, kind=kind, session_id=session_id, reason=reason))


def freshen_lists(session: Session, *user_ids: int) -> None:
    """Makes these people's cached chat lists stale, in this transaction; rows are locked in order of their ids."""
    for user_id in sorted(set(user_ids)):
        session.execute(update(User).where(User.id == user_id).values(list_version=User.list_version + 1))


def woken(session: Session) -> set[int]:
    """The workspaces whose outbox this session has put events into; asking forgets them."""
    return cast(set[int], session.info.pop(WOKEN, set()))
