"""The one way out: an event is stored in the transaction of the write that it tells of."""

from collections.abc import Sequence
from typing import cast

import orjson
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from fechatter.events import Event
from fechatter.models import Mail, Outbox, User, UserChange
from fechatter.queries.chat_list import OUTDATE

WOKEN = "fechatter.woken"
MAILED = "fechatter.mailed"


def record(session: Session, event: Event) -> int:
    """Stores the event and returns its outbox id, the `since` or `until` of a membership that it begins or ends.

    Call it behind the last lock: ids must rise in the order in which a chat's writes commit.
    """
    return record_all(session, [event])[0]


def record_all(session: Session, events: Sequence[Event]) -> list[int]:
    """`record` for many, in one statement; the ids rise in the order of the events."""
    session.flush()
    if not events:
        return []
    session.info.setdefault(WOKEN, set()).update(event.workspace_id for event in events)
    rows = insert(Outbox).returning(Outbox.id, sort_by_parameter_order=True)
    # Empty columns said to be empty: left out, rows would go one by one wherever the set of them changes.
    return list(session.scalars(rows, [_row(event) for event in events], execution_options={"render_nulls": True}))


def _row(event: Event) -> dict[str, object]:
    return {
        "workspace_id": event.workspace_id,
        "audience": event.audience,
        "chat_id": event.chat_id,
        "to_user": event.to_user,
        "message_id": event.message_id,
        "type": event.type,
        "body": orjson.dumps(event.body()).decode(),
    }


def record_user_change(
    session: Session, user_id: int, kind: str, session_id: int | None = None, reason: str | None = None
) -> None:
    """Tells a person's open streams of a fact that no feed of theirs carries: `workspace_joined`, `session_ended`."""
    session.add(UserChange(user_id=user_id, kind=kind, session_id=session_id, reason=reason))


def freshen_lists(session: Session, *user_ids: int) -> None:
    """Makes these people's cached chat lists stale, in this transaction; rows are locked in order of their ids."""
    session.flush()
    if len(user_ids) > 1:
        people = select(User.id).where(User.id.in_(user_ids)).order_by(User.id)
        session.execute(people.with_for_update(key_share=True))
    session.execute(text(OUTDATE), {"user_ids": list(user_ids)})


def woken(session: Session) -> set[int]:
    """The workspaces whose outbox this session has put events into; asking forgets them."""
    return cast(set[int], session.info.pop(WOKEN, set()))


def record_mail(session: Session, kind: str, email: str, **facts: object) -> None:
    """Stores a mail of one of the kinds in `fechatter/mail/texts.py`: to the account with the id `user_id`, else to
    whichever has the address whose key is `email`, if any; who asks need not know."""
    session.info[MAILED] = True
    session.add(Mail(kind=kind, email=email, facts=facts))


def mailed(session: Session) -> bool:
    """Whether this session has put a mail in; asking forgets it."""
    return bool(session.info.pop(MAILED, False))
