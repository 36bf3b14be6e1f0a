"""What a person wants to be told of while it is away, and by which browsers; never what would let others send there."""

from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fechatter import access
from fechatter.errors import Forbidden
from fechatter.models import Chat, ChatMember, PushSubscription, User
from fechatter.models import Session as SignIn
from fechatter.shapes import Shape, maybe_rfc3339, rfc3339


def subscriptions_of(session: Session, user_id: int, session_id: int) -> list[Shape]:
    """Newest first; there are at most twenty. `session_id` is that of who asks."""
    mine = (
        select(PushSubscription, SignIn)
        .join(SignIn, SignIn.id == PushSubscription.session_id)
        .where(PushSubscription.user_id == user_id, SignIn.ended_at.is_(None), SignIn.expires_at > func.now())
        .order_by(PushSubscription.id.desc())
    )
    return [subscription_shape(row, sign_in, session_id) for row, sign_in in session.execute(mine)]


def subscription_shape(row: PushSubscription, sign_in: SignIn, session_id: int) -> Shape:
    """Of the endpoint only whose it is: the rest of it is a secret."""
    parts = urlsplit(row.endpoint)
    return {
        "id": row.id,
        "origin": f"{parts.scheme}://{parts.netloc}",
        "session_id": row.session_id,
        "current": row.session_id == session_id,
        "device": sign_in.device,
        "created_at": rfc3339(row.created_at),
        "expires_at": maybe_rfc3339(row.expires_at),
    }


def subscription_view(session: Session, row: PushSubscription, session_id: int) -> Shape:
    return subscription_shape(row, session.get_one(SignIn, row.session_id), session_id)


def level_view(session: Session, user_id: int, chat_id: int) -> Shape:
    """Raises NotFound, Forbidden."""
    seat = access.chat_for(session, user_id, chat_id)
    if seat.member is None:
        raise Forbidden
    return {"level": seat.member.notify or "default"}


def settings_view(session: Session, user_id: int) -> Shape:
    """The pause that holds, if one does, and of all chats those where something was chosen, by their ids."""
    paused = select(User.notifications_paused_until).where(
        User.id == user_id, User.notifications_paused_until > func.now()
    )
    chosen = (
        select(ChatMember.chat_id, ChatMember.notify)
        .join(Chat, Chat.id == ChatMember.chat_id)
        .where(ChatMember.user_id == user_id, ChatMember.notify.is_not(None), Chat.deleted_at.is_(None))
        .order_by(ChatMember.chat_id)
    )
    return {
        "paused_until": maybe_rfc3339(session.scalar(paused)),
        "chats": [{"chat_id": chat_id, "level": level} for chat_id, level in session.execute(chosen)],
    }
