"""Beginning and ending memberships of chats: the rows, the counts, an owner's heir, and the events."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import case, delete, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from fechatter import outbox
from fechatter.errors import Conflict, Invalid
from fechatter.events import ChatCreated, Event, MemberAdded, MemberRemoved, MemberUpdated, chat_facts
from fechatter.models import Chat, ChatDeparture, ChatMember
from fechatter.queries.blocks import blocked_among
from fechatter.queries.chats import listed_members
from fechatter.shapes import chat_shape

MOST_CHATS = 1000
"""That one person may be in."""

MOST_BY_OTHERS, MOST_BY_OTHERS_HERE = 900, 500
"""Who is in that many chats, in all or in one workspace, is put into no more of them by others: nobody can fill up
another's list from one workspace, and one's own making and joining has room whatever others do."""


def begin_memberships(
    session: Session, chat: Chat, roles: Mapping[int, str], actor_id: int, field: str, first: bool = False
) -> None:
    """Puts people into a chat, by id with their roles; `first`: into one that is just being made.

    The caller holds the chat's row, and before it those people's rows in the workspace (`locks.hold_members`).
    Raises Conflict (too_many_chats) for the one who acts, Invalid on `field` for others.
    """
    _refuse_too_many(session, chat.workspace_id, roles, actor_id, field)
    present = listed_members(session, chat)
    chat.member_count += len(roles)
    events = _openings(chat, roles, actor_id, None if present is None else [*present, *roles], first)
    waits = _waits(session, chat, roles) if chat.slow_mode else {}
    for event, outbox_id in zip(events, outbox.record_all(session, events), strict=True):
        if isinstance(event, ChatCreated) and event.to_user:
            member = _member(chat, event.to_user, roles[event.to_user], since=outbox_id)
            member.last_posted_at = waits.get(event.to_user)
            session.add(member)
    session.flush()


def refuse_blocked(session: Session, actor_id: int, people: Collection[int], field: str) -> None:
    """Raises Invalid on `field` for those who have blocked the one who acts, or are blocked by that one. The caller
    holds those people's rows in the workspace, which a block takes too."""
    if apart := blocked_among(session, actor_id, people):
        raise Invalid({field: [_refusal(user_id) for user_id in sorted(apart)]})


def _refusal(user_id: int) -> str:
    """The same words whatever the reason: in how many chats somebody is elsewhere, or whom it has blocked, is not for
    people here to know."""
    return f"{user_id} cannot be put into more chats."


def _waits(session: Session, chat: Chat, people: Collection[int]) -> dict[int, datetime]:
    """In slow mode, for who was in the chat before: to leave and come back is not to post sooner."""
    left = select(ChatDeparture.user_id, ChatDeparture.left_at).where(
        ChatDeparture.chat_id == chat.id, ChatDeparture.user_id.in_(people)
    )
    return dict(session.execute(left).all())


def _refuse_too_many(session: Session, workspace_id: int, people: Collection[int], actor_id: int, field: str) -> None:
    # The people's own rows are the last locks, so the count behind them sees all that others have put them into.
    outbox.freshen_lists(session, *people)
    in_all, here = func.count(), func.count().filter(Chat.workspace_id == workspace_id)
    by_others = or_(in_all >= MOST_BY_OTHERS, here >= MOST_BY_OTHERS_HERE)
    query = (
        select(ChatMember.user_id)
        .join(Chat, Chat.id == ChatMember.chat_id)
        .where(ChatMember.user_id.in_(people), Chat.deleted_at.is_(None))
        .group_by(ChatMember.user_id)
        .having(case((ChatMember.user_id == actor_id, in_all >= MOST_CHATS), else_=by_others))
    )
    full = sorted(session.scalars(query))
    if actor_id in full:
        raise Conflict("too_many_chats", f"A person can be in {MOST_CHATS} chats at most.")
    if full:
        raise Invalid({field: [_refusal(user_id) for user_id in full]})


def _openings(
    chat: Chat, roles: Mapping[int, str], actor_id: int, member_ids: list[int] | None, first: bool
) -> list[Event]:
    """Each person gets the chat, and then, unless they are the first, all in it hear of that person."""
    facts, shape = chat_facts(chat), chat_shape(chat, member_ids)
    events: list[Event] = []
    for user_id in sorted(roles):
        events.append(ChatCreated(**facts, actor_id=actor_id, to_user=user_id, chat=shape))
        if not first:
            events.append(_added(chat, user_id, roles[user_id], actor_id))
    if first and chat.type == "public_channel":
        events.append(ChatCreated(**facts, actor_id=actor_id, chat=shape))
    return events


def _added(chat: Chat, user_id: int, role: str, actor_id: int) -> Event:
    return MemberAdded(
        **chat_facts(chat), actor_id=actor_id, user_id=user_id, role=role, member_count=chat.member_count
    )


def _member(chat: Chat, user_id: int, role: str, since: int) -> ChatMember:
    """Who comes starts with all read."""
    return ChatMember(chat_id=chat.id, user_id=user_id, role=role, since=since, last_read_seq=chat.last_seq)


def end_memberships(session: Session, chats: Sequence[Chat], user_id: int, actor_id: int) -> dict[int, str]:
    """Takes one person out of these chats, whose rows the caller holds, as far as it is in them; its roles by chat.

    Rows go before the users' locks are taken and the outbox is written: marking as read locks them in that order.
    """
    held = delete(ChatMember).where(ChatMember.user_id == user_id, ChatMember.chat_id.in_([c.id for c in chats]))
    roles = dict(session.execute(held.returning(ChatMember.chat_id, ChatMember.role)).all())
    left = [chat for chat in chats if chat.id in roles]
    heirs = _heirs(session, [chat.id for chat in left if roles[chat.id] == "owner" and chat.type != "single"])
    for chat in left:
        chat.member_count -= 1
    for heir in heirs.values():
        heir.role = "owner"
    outbox.freshen_lists(session, user_id)
    events = [event for chat in left for event in _partings(chat, user_id, actor_id, heirs.get(chat.id))]
    ids = outbox.record_all(session, events)
    until = {event.chat_id: at for event, at in zip(events, ids, strict=True) if isinstance(event, MemberRemoved)}
    _keep_departures(session, user_id, left, until)
    return roles


def _heirs(session: Session, chat_ids: Collection[int]) -> dict[int, ChatMember]:
    """For chats that an owner has left: who becomes owner, the longest-standing admin, else member, by chat.

    Where another owner remains nobody needs to.
    """
    rank = case((ChatMember.role == "owner", 0), (ChatMember.role == "admin", 1), else_=2)
    first = (
        select(ChatMember)
        .where(ChatMember.chat_id.in_(chat_ids))
        .ext(distinct_on(ChatMember.chat_id))
        .order_by(ChatMember.chat_id, rank, ChatMember.since)
        .execution_options(populate_existing=True)
    )
    return {member.chat_id: member for member in session.scalars(first) if member.role != "owner"}


def _partings(chat: Chat, user_id: int, actor_id: int, heir: ChatMember | None) -> list[Event]:
    facts, count = chat_facts(chat) | {"actor_id": actor_id}, chat.member_count
    events: list[Event] = [MemberRemoved(**facts, to_user=user_id, user_id=user_id, role=None, member_count=count)]
    if heir:
        events.append(MemberUpdated(**facts, user_id=heir.user_id, role=heir.role, member_count=count))
    return events


def _keep_departures(session: Session, user_id: int, left: Sequence[Chat], until: Mapping[int | None, int]) -> None:
    for chat in left:
        if chat.member_count == 0 and chat.type in ("group", "private_channel"):
            chat.deleted_at, chat.ended = func.now(), until[chat.id]
    rows = insert(ChatDeparture).values(
        [{"chat_id": chat.id, "user_id": user_id, "until": until[chat.id]} for chat in left]
    )
    if left:
        session.execute(
            rows.on_conflict_do_update(
                index_elements=["chat_id", "user_id"],
                set_={"until": rows.excluded.until, "left_at": rows.excluded.left_at},
            )
        )
    session.flush()
