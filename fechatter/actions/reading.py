"""How far a person has read a chat."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from fechatter import access, outbox
from fechatter.errors import Forbidden
from fechatter.events import ReadUpdated, chat_facts
from fechatter.models import Chat, ChatMember
from fechatter.permissions import can_read
from fechatter.shapes import Shape


def mark_read(session: Session, user_id: int, chat_id: int, seq: int) -> Shape:
    """Moves the pointer up to `seq`, never back and never beyond the newest message. Raises NotFound, Forbidden."""
    seat = access.chat_for(session, user_id, chat_id)
    if not can_read(seat.standing):
        raise Forbidden
    member = _locked_member(session, user_id, chat_id)
    # Behind that lock, since a post of one's own moves both while it holds both.
    last_seq = session.scalars(select(Chat.last_seq).where(Chat.id == chat_id)).one()
    read = min(seq, last_seq)
    if read > member.last_read_seq:
        member.last_read_seq = read
        session.flush()
        outbox.freshen_lists(session, user_id)
        outbox.record(
            session, ReadUpdated(**chat_facts(seat.chat), actor_id=user_id, to_user=user_id, last_read_seq=read)
        )
    return {"last_read_seq": member.last_read_seq, "unread_count": last_seq - member.last_read_seq}


def _locked_member(session: Session, user_id: int, chat_id: int) -> ChatMember:
    query = select(ChatMember).where(ChatMember.chat_id == chat_id, ChatMember.user_id == user_id)
    locked = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    member = session.scalars(locked).one_or_none()
    if member is None:
        # Removed while we waited: what may be said now depends on what can be seen from outside.
        access.chat_for(session, user_id, chat_id)
        raise Forbidden
    return member
