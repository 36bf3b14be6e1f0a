"""What a person wants to be told of while it is away: of each chat, and whether at all for now."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from fechatter import access
from fechatter.errors import Forbidden
from fechatter.models import ChatMember, User
from fechatter.push.wanted import DEFAULT


def choose_level(session: Session, user_id: int, chat_id: int, level: str) -> None:
    """One of `LEVELS`, as long as one is in the chat: who comes back begins anew. Raises NotFound, Forbidden."""
    seat = access.chat_for(session, user_id, chat_id)
    mine = update(ChatMember).where(ChatMember.chat_id == seat.chat.id, ChatMember.user_id == user_id)
    chosen = mine.values(notify=None if level == DEFAULT else level).returning(ChatMember.chat_id)
    if session.execute(chosen).first() is None:
        raise Forbidden


def pause(session: Session, user_id: int, until: datetime | None) -> None:
    """Nothing is told until then, nor later of what came meanwhile; None ends it."""
    session.execute(update(User).where(User.id == user_id).values(notifications_paused_until=until))
