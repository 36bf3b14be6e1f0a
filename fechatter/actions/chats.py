"""Making, renaming and deleting chats."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from fechatter import access, outbox
from fechatter.actions.memberships import begin_memberships, refuse_blocked
from fechatter.audit import record_chat_act
from fechatter.errors import Blocked, Conflict, Forbidden, Invalid
from fechatter.events import ChatDeleted, ChatUpdated, chat_facts
from fechatter.locks import hold_members, hold_workspace
from fechatter.models import CHANNELS, Chat
from fechatter.permissions import can_delete_chat, can_make_chats, can_rename
from fechatter.queries.blocks import blocked_among
from fechatter.queries.chats import listed_members
from fechatter.shapes import chat_shape
from fechatter.text import name_key

Changes = Mapping[str, str | int | bool | None]

CHANNEL_RULES = {"read_only", "slow_mode"}
"""Of a chat's fields, those that only channels have."""


class Plan(NamedTuple):
    """What a new chat shall be; `member_ids` may or may not name the one who makes it."""

    type: str
    name: str | None = None
    topic: str = ""
    member_ids: Collection[int] = ()


def create_chat(session: Session, user_id: int, workspace_id: int, plan: Plan) -> tuple[Chat, bool]:
    """The chat, and whether it is new: of a single there is only one.

    Raises NotFound, Forbidden, Invalid, Blocked, Conflict.
    """
    access.workspace_for(session, user_id, workspace_id)  # a stranger holds nobody up
    hold_workspace(session, workspace_id)
    if not can_make_chats(access.workspace_for(session, user_id, workspace_id).member.role):
        raise Forbidden
    others = _others(user_id, plan)
    people = others | {user_id}
    if missing := people - hold_members(session, workspace_id, people):
        raise Invalid({"member_ids": [f"{other} is not in this workspace." for other in sorted(missing)]})
    _refuse_apart(session, user_id, plan.type, others)
    pair = sorted(people) if plan.type == "single" else None
    chat = _insert_chat(session, user_id, workspace_id, plan, pair)
    if chat is None and pair is not None:
        return _standing_single(session, user_id, workspace_id, pair), False
    if chat is None:
        raise Conflict("name_taken", "A channel of this workspace has that name.")
    roles = dict.fromkeys(people, "member")
    if pair is None:
        roles[user_id] = "owner"
    begin_memberships(session, chat, roles, user_id, "member_ids", first=True)
    record_chat_act(session, "chat.created", user_id, chat, type=chat.type, user_ids=sorted(people))
    return chat, True


def _refuse_apart(session: Session, user_id: int, type: str, others: Collection[int]) -> None:
    if type != "single":
        refuse_blocked(session, user_id, others, "member_ids")
    elif blocked_among(session, user_id, others):
        raise Blocked


def _others(user_id: int, plan: Plan) -> set[int]:
    others = set(plan.member_ids) - {user_id}
    if plan.type == "single" and (len(others) != 1 or user_id in plan.member_ids):
        raise Invalid({"member_ids": ["Name exactly one other person."]})
    if plan.type == "group" and not others:
        raise Invalid({"member_ids": ["Name at least one other person."]})
    return others


def _insert_chat(session: Session, user_id: int, workspace_id: int, plan: Plan, pair: list[int] | None) -> Chat | None:
    """None if its name or its pair of people is taken: the insert itself waits for whoever is about to take it."""
    low, high = pair or (None, None)
    row = insert(Chat).values(
        workspace_id=workspace_id,
        type=plan.type,
        name=plan.name,
        name_key=_name_key(plan.type, plan.name),
        topic=plan.topic,
        pair_low=low,
        pair_high=high,
        member_count=0,
        created_by=user_id,
    )
    return session.scalars(row.on_conflict_do_nothing().returning(Chat)).one_or_none()


def _name_key(type: str, name: str | None) -> str | None:
    return name_key(name) if name is not None and type in CHANNELS else None


def _standing_single(session: Session, user_id: int, workspace_id: int, pair: list[int]) -> Chat:
    """The chat of these two, with whoever of them had left the workspace and is back in it once more."""
    mine = select(Chat).where(Chat.workspace_id == workspace_id, Chat.pair_low == pair[0], Chat.pair_high == pair[1])
    chat = session.scalars(mine.with_for_update(key_share=True).execution_options(populate_existing=True)).one()
    chat.closed = False  # as may have been forgotten while neither was here; that no block stands was just looked up
    missing = set(pair) - set(listed_members(session, chat) or ())
    if missing:
        begin_memberships(session, chat, dict.fromkeys(missing, "member"), user_id, "member_ids")
    return chat


def change_chat(session: Session, user_id: int, chat_id: int, changes: Changes) -> access.Seat:
    """Sets some of name and topic, and of a channel read_only and slow_mode (seconds).

    Raises NotFound, Forbidden, Invalid, Conflict (name_taken).
    """
    seat = access.chat_for(session, user_id, chat_id, lock=True)
    chat = seat.chat
    if not can_rename(seat.standing):
        raise Forbidden
    if chat.type in CHANNELS and changes.get("name", chat.name) is None:
        raise Invalid({"name": ["A channel needs a name."]})
    if chat.type not in CHANNELS and (misplaced := CHANNEL_RULES & changes.keys()):
        raise Invalid({rule: ["Only a channel has this."] for rule in sorted(misplaced)})
    news = {field: value for field, value in changes.items() if getattr(chat, field) != value}
    if news:
        _write_changes(session, chat, news)
        outbox.freshen_lists(session, user_id)
        shape = chat_shape(chat, listed_members(session, chat))
        outbox.record(session, ChatUpdated(**chat_facts(chat), actor_id=user_id, chat=shape))
    if rules := {rule: news[rule] for rule in CHANNEL_RULES & news.keys()}:
        record_chat_act(session, "chat.rules_changed", user_id, chat, rules=rules)
    return seat


def _write_changes(session: Session, chat: Chat, news: Changes) -> None:
    try:
        with session.begin_nested():
            for field, value in news.items():
                setattr(chat, field, value)
            chat.name_key = _name_key(chat.type, chat.name)
    except IntegrityError as error:
        raise Conflict("name_taken", "A channel of this workspace has that name.") from error


def delete_chat(session: Session, user_id: int, chat_id: int) -> None:
    """Marks it deleted; its members keep their rows, so that streams that come back still learn of the end.

    Raises NotFound, Forbidden.
    """
    workspace_id = access.chat_for(session, user_id, chat_id).chat.workspace_id
    # The owner of the workspace may delete what it is not in, so its role there must stay until the end.
    hold_members(session, workspace_id, [user_id])
    seat = access.chat_for(session, user_id, chat_id, lock=True)
    if not can_delete_chat(seat.standing):
        raise Forbidden
    outbox.freshen_lists(session, user_id)
    shape = chat_shape(seat.chat, listed_members(session, seat.chat))
    seat.chat.ended = outbox.record(session, ChatDeleted(**chat_facts(seat.chat), actor_id=user_id, chat=shape))
    seat.chat.deleted_at = func.now()
    session.flush()
    record_chat_act(session, "chat.deleted", user_id, seat.chat)
