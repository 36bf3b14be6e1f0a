"""The public channels of a workspace."""

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from fechatter import access
from fechatter.models import Chat, ChatMember
from fechatter.queries.chats import newest_messages
from fechatter.shapes import Shape, own_chat_shape
from fechatter.text import name_key


def public_channels(session: Session, user_id: int, workspace_id: int, after: str | None, limit: int) -> list[Shape]:
    """By name, those behind the name `after`; guests see those that they are in. Raises NotFound."""
    is_guest = access.workspace_for(session, user_id, workspace_id).member.role == "guest"
    mine = and_(ChatMember.chat_id == Chat.id, ChatMember.user_id == user_id)
    query = (
        select(Chat, ChatMember)
        .join(ChatMember, mine, isouter=not is_guest)
        .where(Chat.workspace_id == workspace_id, Chat.type == "public_channel")
        .where(Chat.name_key.is_not(None), Chat.deleted_at.is_(None))
        .order_by(Chat.name_key)
        .limit(limit)
    )
    if after is not None:
        # Nothing is looked up for it: a channel's id would tell of channels that one may not know of.
        query = query.where(Chat.name_key > name_key(after))
    rows = session.execute(query).all()
    newest = newest_messages(session, [chat for chat, member in rows if member])
    return [channel_shape(chat, member, newest.get(chat.id)) for chat, member in rows]


def channel_shape(chat: Chat, member: ChatMember | None, last_message: Shape | None) -> Shape:
    return own_chat_shape(chat, member, None, last_message) | {"is_member": member is not None}
