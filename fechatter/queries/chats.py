"""One chat as its caller sees it."""

from collections.abc import Collection

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from fechatter.access import Seat
from fechatter.models import CHANNELS, Chat, ChatMember, Message
from fechatter.permissions import can_read
from fechatter.shapes import Shape, message_shape, own_chat_shape


def chat_view(session: Session, seat: Seat) -> Shape:
    """The newest message is for those who may read: of a public channel the workspace sees no more than that it is."""
    last = newest_messages(session, [seat.chat]).get(seat.chat.id) if can_read(seat.standing) else None
    return own_chat_shape(seat.chat, seat.member, listed_members(session, seat.chat), last)


def listed_members(session: Session, chat: Chat) -> list[int] | None:
    """The ids of who is in a single or a group; None for a channel, which may have any number."""
    if chat.type in CHANNELS:
        return None
    return list(session.scalars(select(ChatMember.user_id).where(ChatMember.chat_id == chat.id)))


def newest_messages(session: Session, chats: Collection[Chat]) -> dict[int, Shape]:
    """The last message of each of these chats that has one, by chat."""
    wanted = [and_(Message.chat_id == chat.id, Message.seq == chat.last_seq) for chat in chats if chat.last_seq]
    if not wanted:
        return {}
    return {message.chat_id: message_shape(message) for message in session.scalars(select(Message).where(or_(*wanted)))}
