"""Reads back what an action has put into the outbox."""

import json
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from fechatter.models import Outbox


class Told(NamedTuple):
    id: int
    type: str
    audience: str
    chat_id: int | None
    to_user: int | None
    message_id: int | None
    says: dict[str, Any]


def told(session: Session, workspace_id: int) -> list[Told]:
    """The events of a workspace in the order in which they were recorded."""
    rows = session.scalars(select(Outbox).where(Outbox.workspace_id == workspace_id).order_by(Outbox.id))
    return [
        Told(row.id, row.type, row.audience, row.chat_id, row.to_user, row.message_id, json.loads(row.body))
        for row in rows
    ]


def outline(events: list[Told]) -> list[tuple[str, str, int | None]]:
    """What kind of event each is, for whom, and whom it concerns most."""
    return [(event.type, event.audience, event.to_user) for event in events]
