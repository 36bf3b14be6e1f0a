"""Who posts in a read-only channel, and how often a member does in slow mode."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from fechatter.access import chat_for
from fechatter.actions.chat_members import join_chat as join
from fechatter.actions.chat_members import leave_chat
from fechatter.actions.chats import change_chat
from fechatter.actions.messages import delete_message, edit_message
from fechatter.actions.typing import typing
from fechatter.errors import Forbidden, Invalid, ReadOnly
from fechatter.models import Chat, ChatMember, User, Workspace
from fechatter.permissions import can_always_post
from tests.factories import a_chat, a_message, a_user, join_chat, join_workspace, post
from tests.fechatter.actions.told import told

CHANNELS = ["private_channel", "public_channel"]
WHO = [
    ("owner", "member"),
    ("admin", "member"),
    ("member", "member"),
    ("member", "guest"),
    ("member", "admin"),
    ("member", "owner"),
]


def a_member(session: Session, acme: Workspace, chat: Chat, role: str, workspace_role: str = "member") -> User:
    user = a_user(session)
    join_workspace(session, acme, user, workspace_role)
    join_chat(session, chat, user, role)
    return user


def always(type: str, role: str, workspace_role: str) -> bool:
    rules_workspace = workspace_role in ("owner", "admin") and type == "public_channel"
    return role in ("owner", "admin") or rules_workspace


def posted_ago(session: Session, chat: Chat, user: User, seconds: float) -> None:
    row = text(
        "UPDATE chat_members SET last_posted_at = clock_timestamp() - :ago WHERE chat_id = :chat AND user_id = :user"
    )
    session.execute(row, {"ago": timedelta(seconds=seconds), "chat": chat.id, "user": user.id})


@pytest.mark.parametrize("type", CHANNELS)
@pytest.mark.parametrize(("role", "workspace_role"), WHO)
def test_in_a_read_only_channel_those_post_who_rule_it(
    session: Session, acme: Workspace, maria: User, type: str, role: str, workspace_role: str
) -> None:
    chat = a_chat(session, acme, type, [maria])
    who = a_member(session, acme, chat, role, workspace_role)
    before = a_message(session, chat, who, client_id="before")
    change_chat(session, maria.id, chat.id, {"read_only": True})
    may = always(type, role, workspace_role)
    assert can_always_post(chat_for(session, who.id, chat.id).standing) == may
    assert post(session, chat, who).outcome == ("created" if may else "read_only")
    assert post(session, chat, who, client_id="before").outcome == ("repeated" if may else "read_only")
    if may:
        edit_message(session, who.id, before["id"], "Changed")
        typing(session.connection(), who.id, chat.id)
    else:
        with pytest.raises(ReadOnly):
            edit_message(session, who.id, before["id"], "Changed")
        with pytest.raises(ReadOnly):
            typing(session.connection(), who.id, chat.id)
    delete_message(session, who.id, before["id"])
    change_chat(session, maria.id, chat.id, {"read_only": False})
    assert post(session, chat, who).outcome == "created"


def test_a_refusal_leaves_the_chat_as_it_was(session: Session, acme: Workspace, maria: User) -> None:
    chat = a_chat(session, acme, "public_channel", [maria], read_only=True)
    who = a_member(session, acme, chat, "member")
    last = a_message(session, chat, maria)
    session.refresh(chat)
    active_at = chat.active_at
    assert post(session, chat, who).outcome == "read_only"
    session.refresh(chat)
    assert (chat.last_seq, chat.active_at) == (last["seq"], active_at)


@pytest.mark.parametrize("type", CHANNELS)
@pytest.mark.parametrize(("role", "workspace_role"), WHO)
def test_in_slow_mode_a_member_waits_and_those_who_rule_do_not(
    session: Session, acme: Workspace, maria: User, type: str, role: str, workspace_role: str
) -> None:
    chat = a_chat(session, acme, type, [maria], slow_mode=30)
    who = a_member(session, acme, chat, role, workspace_role)
    a_message(session, chat, who)
    again = post(session, chat, who)
    if always(type, role, workspace_role):
        assert again.outcome == "created"
    else:
        assert (again.outcome, again.retry_after) == ("slow_mode", 30)
    posted_ago(session, chat, who, 30)
    assert post(session, chat, who).outcome == "created"


@pytest.mark.parametrize(
    ("ago", "wait"), [(0.5, 10), (0.001, 10), (8.5, 2), (9.5, 1), (10, None), (11, None), (-5, None)]
)
def test_the_wait_is_told_to_the_second(
    session: Session, acme: Workspace, maria: User, ago: float, wait: int | None
) -> None:
    """A last post in the future is of a clock that has been set back since."""
    chat = a_chat(session, acme, "public_channel", [maria], slow_mode=10)
    who = a_member(session, acme, chat, "member")
    posted_ago(session, chat, who, ago)
    assert post(session, chat, who).retry_after == wait


def test_others_and_other_chats_do_not_count(session: Session, acme: Workspace, maria: User) -> None:
    chat, other = (a_chat(session, acme, "public_channel", [maria], slow_mode=60) for _ in range(2))
    who, someone = a_member(session, acme, chat, "member"), a_member(session, acme, chat, "member")
    join_chat(session, other, who)
    for where, person in ((chat, someone), (other, who), (chat, who)):
        a_message(session, where, person)


def test_a_repeat_is_no_second_post(session: Session, acme: Workspace, maria: User) -> None:
    chat = a_chat(session, acme, "public_channel", [maria], slow_mode=60)
    who = a_member(session, acme, chat, "member")
    first = a_message(session, chat, who, client_id="c")
    again = post(session, chat, who, client_id="c")
    assert (again.outcome, again.shape) == ("repeated", first)
    assert post(session, chat, who, client_id="d").outcome == "slow_mode"


def test_what_is_refused_for_another_reason_does_not_make_one_wait(
    session: Session, acme: Workspace, maria: User
) -> None:
    chat = a_chat(session, acme, "public_channel", [maria], slow_mode=60)
    who = a_member(session, acme, chat, "member")
    assert post(session, chat, who, reply_to=2**62).outcome == "bad_reply"
    assert post(session, chat, who).outcome == "created"


def test_what_was_posted_before_slow_mode_began_counts(session: Session, acme: Workspace, maria: User) -> None:
    chat = a_chat(session, acme, "public_channel", [maria])
    who = a_member(session, acme, chat, "member")
    a_message(session, chat, who)
    change_chat(session, maria.id, chat.id, {"slow_mode": 60})
    assert post(session, chat, who).outcome == "slow_mode"
    change_chat(session, maria.id, chat.id, {"slow_mode": 0})
    assert post(session, chat, who).outcome == "created"


def test_to_leave_and_come_back_is_not_to_post_sooner(session: Session, acme: Workspace, maria: User) -> None:
    chat = a_chat(session, acme, "public_channel", [maria], slow_mode=60)
    who = a_member(session, acme, chat, "member")
    a_message(session, chat, who)
    leave_chat(session, who.id, chat.id)
    join(session, who.id, chat.id)
    assert post(session, chat, who).outcome == "slow_mode"
    newcomer = a_user(session)
    join_workspace(session, acme, newcomer)
    join(session, newcomer.id, chat.id)
    assert session.get(ChatMember, (chat.id, newcomer.id)).last_posted_at is None
    assert post(session, chat, newcomer).outcome == "created"


def test_the_rules_are_told_with_the_chat(session: Session, acme: Workspace, maria: User) -> None:
    chat = a_chat(session, acme, "public_channel", [maria])
    change_chat(session, maria.id, chat.id, {"read_only": True, "slow_mode": 21600})
    change_chat(session, maria.id, chat.id, {"read_only": True})
    (event,) = told(session, acme.id)
    assert (event.says["chat"]["read_only"], event.says["chat"]["slow_mode"]) == (True, 21600)


@pytest.mark.parametrize("changes", [{"read_only": True}, {"read_only": False}, {"slow_mode": 0}])
def test_only_a_channel_has_rules_and_only_who_may_rename_it_sets_them(
    session: Session, acme: Workspace, maria: User, changes: dict[str, bool | int]
) -> None:
    ben = a_user(session)
    group = a_chat(session, acme, "group", [maria, ben])
    with pytest.raises(Invalid) as refused:
        change_chat(session, ben.id, group.id, changes)
    assert list(refused.value.errors) == list(changes)
    for chat in (a_chat(session, acme, "single", [maria, ben]), a_chat(session, acme, "public_channel", [maria, ben])):
        with pytest.raises(Forbidden):
            change_chat(session, ben.id, chat.id, changes)
