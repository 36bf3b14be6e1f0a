"""Roles in a workspace go downward only, its last owner stays, and leaving it ends everything in it."""

import pytest
from sqlalchemy.orm import Session

from fechatter.actions.chats import delete_chat
from fechatter.actions.workspace_members import change_workspace_role, remove_from_workspace
from fechatter.errors import Conflict, Forbidden, NotFound
from fechatter.feed.standing import read_standing
from fechatter.models import Chat, ChatDeparture, User, Workspace, WorkspaceDeparture, WorkspaceMember
from tests.factories import a_chat, a_user, a_workspace, join_chat, join_workspace
from tests.fechatter.actions.people import a_colleague, list_version, roles_in
from tests.fechatter.actions.told import outline, told


def role_of(session: Session, workspace: Workspace, user_id: int) -> str | None:
    member = session.get(WorkspaceMember, (workspace.id, user_id), populate_existing=True)
    return member.role if member else None


@pytest.mark.parametrize(
    ("actor", "target", "role", "allowed"),
    [
        ("owner", "member", "owner", True),
        ("owner", "admin", "guest", True),
        ("owner", "guest", "admin", True),
        ("owner", "owner", "admin", False),
        ("owner", "owner", "owner", True),
        ("admin", "member", "guest", True),
        ("admin", "guest", "member", True),
        ("admin", "member", "admin", False),
        ("admin", "member", "owner", False),
        ("admin", "admin", "member", False),
        ("admin", "admin", "admin", False),
        ("admin", "owner", "member", False),
        ("member", "guest", "member", False),
        ("member", "guest", "guest", False),
        ("guest", "member", "guest", False),
    ],
)
def test_roles_are_changed_below_ones_own(
    session: Session, acme: Workspace, actor: str, target: str, role: str, allowed: bool
) -> None:
    who, whom = a_colleague(session, acme, actor), a_colleague(session, acme, target)
    if not allowed:
        with pytest.raises(Forbidden):
            change_workspace_role(session, who, acme.id, whom, role)
    else:
        change_workspace_role(session, who, acme.id, whom, role)
    assert role_of(session, acme, whom) == (role if allowed else target)
    assert len(told(session, acme.id)) == (allowed and role != target)


def test_a_changed_role_is_told_to_the_workspace_and_surely_to_the_one_it_concerns(
    session: Session, acme: Workspace, maria: User
) -> None:
    ben = a_colleague(session, acme)
    change_workspace_role(session, maria.id, acme.id, ben, "guest")
    (event,) = told(session, acme.id)
    assert outline([event]) == [("workspace.member_updated", "workspace", ben)]
    assert event.says | {"user_id": ben, "role": "guest", "actor_id": maria.id} == event.says
    assert list_version(session, ben) == 1


def test_streams_know_the_event_that_made_a_guest(session: Session, acme: Workspace, maria: User) -> None:
    ben = a_colleague(session, acme)
    change_workspace_role(session, maria.id, acme.id, ben, "guest")
    session.flush()
    (event,) = told(session, acme.id)
    standing = read_standing(session.connection(), 0, ben, ())  # type: ignore[arg-type]
    membership = standing.memberships[acme.id]
    assert (membership.public_since, membership.public_until) == (None, event.id)


@pytest.mark.parametrize("own", ["owner", "admin"])
def test_a_role_that_stays_as_it_is_is_told_to_nobody(session: Session, acme: Workspace, own: str) -> None:
    who, ben = a_colleague(session, acme, own), a_colleague(session, acme, "member")
    change_workspace_role(session, who, acme.id, ben, "member")
    assert told(session, acme.id) == []
    assert list_version(session, ben) == 0


@pytest.mark.parametrize(("own", "role"), [("admin", "member"), ("member", "guest")])
def test_everyone_may_step_down_but_not_up(session: Session, acme: Workspace, own: str, role: str) -> None:
    ben = a_colleague(session, acme, own)
    with pytest.raises(Forbidden):
        change_workspace_role(session, ben, acme.id, ben, "owner")
    change_workspace_role(session, ben, acme.id, ben, role)
    assert role_of(session, acme, ben) == role


def test_the_sole_owner_neither_steps_down_nor_leaves(session: Session, acme: Workspace, maria: User) -> None:
    a_colleague(session, acme, "admin")
    with pytest.raises(Conflict) as demoted:
        change_workspace_role(session, maria.id, acme.id, maria.id, "admin")
    with pytest.raises(Conflict) as left:
        remove_from_workspace(session, maria.id, acme.id, maria.id)
    assert (demoted.value.code, left.value.code) == ("last_owner", "last_owner")
    assert told(session, acme.id) == []


def test_the_owner_hands_over_and_leaves(session: Session, acme: Workspace, maria: User) -> None:
    ben = a_colleague(session, acme)
    change_workspace_role(session, maria.id, acme.id, ben, "owner")
    change_workspace_role(session, maria.id, acme.id, maria.id, "member")
    remove_from_workspace(session, maria.id, acme.id, maria.id)
    assert (role_of(session, acme, ben), role_of(session, acme, maria.id)) == ("owner", None)


@pytest.mark.parametrize(
    ("actor", "target", "allowed"),
    [
        ("owner", "admin", True),
        ("owner", "owner", False),
        ("admin", "member", True),
        ("admin", "guest", True),
        ("admin", "admin", False),
        ("admin", "owner", False),
        ("member", "guest", False),
        ("guest", "guest", False),
    ],
)
def test_people_are_removed_by_those_above_them(
    session: Session, acme: Workspace, actor: str, target: str, allowed: bool
) -> None:
    who, whom = a_colleague(session, acme, actor), a_colleague(session, acme, target)
    if not allowed:
        with pytest.raises(Forbidden):
            remove_from_workspace(session, who, acme.id, whom)
    else:
        remove_from_workspace(session, who, acme.id, whom)
    assert (role_of(session, acme, whom) is None) == allowed


def test_somebody_who_is_not_there_is_missing_for_rulers_and_forbidden_for_others(
    session: Session, acme: Workspace, maria: User
) -> None:
    stranger, ben = a_user(session).id, a_colleague(session, acme)
    with pytest.raises(NotFound):
        remove_from_workspace(session, maria.id, acme.id, stranger)
    with pytest.raises(NotFound):
        change_workspace_role(session, maria.id, acme.id, stranger, "member")
    with pytest.raises(Forbidden):
        remove_from_workspace(session, ben, acme.id, stranger)
    with pytest.raises(NotFound):
        remove_from_workspace(session, stranger, acme.id, ben)


def test_removal_ends_every_membership_by_chat_and_that_of_the_workspace_last(
    session: Session, acme: Workspace, maria: User
) -> None:
    ben, other = a_user(session), a_workspace(session, maria)
    join_workspace(session, acme, ben)
    mine = [a_chat(session, acme, type, [maria, ben]) for type in ("single", "group", "public_channel")]
    elsewhere = a_chat(session, other, "group", [maria, ben])
    not_mine = a_chat(session, acme, "group", [maria, a_user(session)])
    count = acme.member_count
    remove_from_workspace(session, maria.id, acme.id, ben.id)
    events = told(session, acme.id)
    assert outline(events) == [
        *[("member.removed", "chat", ben.id)] * 3,
        ("workspace.member_removed", "workspace", ben.id),
    ]
    assert [event.chat_id for event in events] == [*(chat.id for chat in mine), None]
    assert events[-1].says | {"user_id": ben.id, "role": None, "actor_id": maria.id} == events[-1].says
    for chat, event in zip(mine, events, strict=False):
        assert session.get(ChatDeparture, (chat.id, ben.id)).until == event.id
        assert (roles_in(session, chat).get(ben.id), chat.member_count) == (None, 1)
    assert session.get(WorkspaceDeparture, (acme.id, ben.id)).until == events[-1].id
    assert acme.member_count == count - 1
    assert ben.id in roles_in(session, elsewhere)
    assert not_mine.member_count == 2
    assert list_version(session, ben.id) == 1


def test_a_removed_owner_is_inherited_in_each_chat_right_behind_its_removal(
    session: Session, acme: Workspace, maria: User
) -> None:
    ben, cleo = a_user(session), a_user(session)
    channel, group = (a_chat(session, acme, type, [ben, cleo, maria]) for type in ("private_channel", "group"))
    single = a_chat(session, acme, "single", [ben, cleo])
    session.get(WorkspaceMember, (acme.id, ben.id)).role = "member"
    join_chat(session, channel, admin := a_user(session), "admin")
    remove_from_workspace(session, maria.id, acme.id, ben.id)
    assert [(event.type, event.chat_id) for event in told(session, acme.id)] == [
        ("member.removed", channel.id),
        ("member.updated", channel.id),
        ("member.removed", group.id),
        ("member.updated", group.id),
        ("member.removed", single.id),
        ("workspace.member_removed", None),
    ]
    assert roles_in(session, channel) == {admin.id: "owner", cleo.id: "member", maria.id: "member"}
    assert roles_in(session, group) == {cleo.id: "owner", maria.id: "member"}
    assert roles_in(session, single) == {cleo.id: "member"}


def test_private_chats_that_are_left_empty_end_and_public_channels_stay(
    session: Session, acme: Workspace, maria: User
) -> None:
    ben = a_user(session)
    join_workspace(session, acme, ben)
    chats = {type: a_chat(session, acme, type, [ben]) for type in ("group", "private_channel", "public_channel")}
    remove_from_workspace(session, ben.id, acme.id, ben.id)
    ended = {type: session.get(Chat, chat.id, populate_existing=True).ended for type, chat in chats.items()}
    events = {event.chat_id: event.id for event in told(session, acme.id)}
    assert ended == {
        "group": events[chats["group"].id],
        "private_channel": events[chats["private_channel"].id],
        "public_channel": None,
    }


def test_a_membership_of_a_deleted_chat_is_left_as_it_is(session: Session, acme: Workspace, maria: User) -> None:
    ben = a_user(session)
    chat = a_chat(session, acme, "group", [maria, ben])
    delete_chat(session, maria.id, chat.id)
    remove_from_workspace(session, ben.id, acme.id, ben.id)
    assert [event.type for event in told(session, acme.id)] == ["chat.deleted", "workspace.member_removed"]
    assert ben.id in roles_in(session, chat)
