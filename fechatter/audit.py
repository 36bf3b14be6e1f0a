"""The log of security-relevant acts: who, what, when, from where. Written in the transaction of the act itself."""

from typing import Any, NamedTuple

from sqlalchemy import insert
from sqlalchemy.orm import Session

from fechatter.models import AuditEntry, Chat

ORIGIN = "fechatter.origin"
"""Key in a session's `info`."""

ENTRY = insert(AuditEntry).inline()
"""One row and no more: the unit of work would take thrice the time, with each sign-in."""


class Origin(NamedTuple):
    """Where a request came from; a command comes from nowhere."""

    address: str = ""
    request_id: str = ""


def record_act(
    session: Session,
    action: str,
    actor_id: int | None,
    *,
    workspace_id: int | None = None,
    hidden: bool = False,
    target: tuple[str, int] | None = None,
    **details: Any,
) -> None:
    """Adds an entry, at once. `action` is like `member.role_changed`; `target` a kind and an id, as `("user", 7)`.
    A `hidden` one is not for the workspace's owners.

    Never a password, a token, the text of a message or an address that somebody only guessed at: entries stay.
    """
    origin: Origin = session.info.get(ORIGIN, Origin())
    target_type, target_id = target or (None, None)
    entry = {
        "workspace_id": workspace_id,
        "hidden": hidden,
        "actor_id": actor_id,
        "action": action,
        "target_type": target_type,
        "target_id": target_id,
        "address": origin.address,
        "request_id": origin.request_id,
        "details": details,
    }
    session.connection().execute(ENTRY, entry)


def record_chat_act(
    session: Session, action: str, actor_id: int, chat: Chat, target: tuple[str, int] | None = None, **details: Any
) -> None:
    """`record_act` for what is done in a chat, which is the target unless there is another. The workspace's owners may
    not even know of a chat that is not public."""
    record_act(
        session,
        action,
        actor_id,
        workspace_id=chat.workspace_id,
        hidden=chat.type != "public_channel",
        target=target or ("chat", chat.id),
        chat_id=chat.id,
        **details,
    )
