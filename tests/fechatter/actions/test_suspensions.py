"""Who is suspended from a workspace is out as after a removal, stays out, and gets back what still stands."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from fechatter.actions import invites
from fechatter.actions.chats import Plan, create_chat, delete_chat
from fechatter.actions.invites import Offer
from fechatter.actions.suspensions import suspend, unsuspend
from fechatter.actions.workspace_members import MOST_WORKSPACES, change_workspace_role, remove_from_workspace
from fechatter.actions.workspaces import create_workspace
from fechatter.errors import Conflict, Forbidden, NotFound
from fechatter.models import User, Workspace, WorkspaceSuspension
from tests.factories import a_chat, a_user, a_workspace, join_chat, join_workspace
from tests.fechatter.actions.people import a_colleague, put_into_chats, roles_in
from tests.fechatter.actions.test_workspace_members import role_of
from tests.fechatter.actions.told import outline, told

WEEK = timedelta(days=7)


@pytest.fixture
def ben(session: Session, acme: Workspace) -> User:
    user = a_user(session, "ben")
    join_workspace(session, acme, user, "admin")
    return user


def test_a_suspension_is_told_like_a_removal(session: Session, acme: Workspace, maria: User, ben: User) -> None:
    mine = [a_chat(session, acme, type, [maria, ben]) for type in ("single", "group", "public_channel")]
    count = acme.member_count
    suspension, is_new = suspend(session, maria.id, acme.id, ben.id, "Spam")
    events = told(session, acme.id)
    assert is_new
    assert outline(events) == [
        *[("member.removed", "chat", ben.id)] * 3,
        ("workspace.member_removed", "workspace", ben.id),
    ]
    assert [event.chat_id for event in events] == [*(chat.id for chat in mine), None]
    assert (role_of(session, acme, ben.id), acme.member_count) == (None, count - 1)
    assert (suspension.role, suspension.reason, suspension.suspended_by) == ("admin", "Spam", maria.id)
    assert suspension.chats == [[chat.id, "member"] for chat in mine]


def test_who_is_let_in_again_has_its_role_and_the_chats_that_still_stand(
    session: Session, acme: Workspace, maria: User, ben: User
) -> None:
    stays, group, gone = (
        a_chat(session, acme, type, [maria]) for type in ("public_channel", "group", "private_channel")
    )
    single = a_chat(session, acme, "single", [maria, ben])
    for chat, role in ((stays, "admin"), (group, "owner"), (gone, "member")):
        join_chat(session, chat, ben, role)
    suspend(session, maria.id, acme.id, ben.id)
    delete_chat(session, maria.id, gone.id)
    before = len(told(session, acme.id))
    unsuspend(session, maria.id, acme.id, ben.id)
    events = told(session, acme.id)[before:]
    assert outline(events) == [
        ("workspace.member_added", "workspace", ben.id),
        *[("chat.created", "user", ben.id), ("member.added", "chat", None)] * 2,
    ]
    assert {event.says["actor_id"] for event in events} == {maria.id}
    assert [event.chat_id for event in events] == [None, *[stays.id] * 2, *[group.id] * 2]
    assert role_of(session, acme, ben.id) == "admin"
    assert [roles_in(session, chat).get(ben.id) for chat in (stays, group, single)] == ["admin", "owner", None]
    again, is_new = create_chat(session, maria.id, acme.id, Plan("single", member_ids=[ben.id]))
    assert (again.id, is_new) == (single.id, False)
    assert ben.id in roles_in(session, single)


def test_who_finds_a_channel_empty_when_let_in_again_is_its_owner(
    session: Session, acme: Workspace, maria: User, ben: User
) -> None:
    carl = a_user(session)
    join_workspace(session, acme, carl)
    channel = a_chat(session, acme, "public_channel", [carl, ben])
    assert roles_in(session, channel) == {carl.id: "owner", ben.id: "member"}
    suspend(session, maria.id, acme.id, ben.id)
    remove_from_workspace(session, maria.id, acme.id, carl.id)
    assert roles_in(session, channel) == {}
    unsuspend(session, maria.id, acme.id, ben.id)
    assert roles_in(session, channel) == {ben.id: "owner"}


def test_no_invitation_lets_in_who_is_suspended(session: Session, acme: Workspace, maria: User, ben: User) -> None:
    invite, token = invites.create_invite(session, maria.id, acme.id, Offer("member", WEEK))
    suspend(session, maria.id, acme.id, ben.id)
    with pytest.raises(NotFound):
        invites.accept_invite(session, ben.id, token)
    assert (role_of(session, acme, ben.id), invite.uses) == (None, 0)
    assert invites.accept_invite(session, a_user(session).id, token).member.role == "member"


def test_who_was_removed_before_can_be_kept_out_and_comes_back_only_by_its_own_yes(
    session: Session, acme: Workspace, maria: User, ben: User
) -> None:
    _, token = invites.create_invite(session, maria.id, acme.id, Offer("guest", WEEK))
    remove_from_workspace(session, maria.id, acme.id, ben.id)
    before = len(told(session, acme.id))
    suspension, _ = suspend(session, maria.id, acme.id, ben.id)
    assert (suspension.role, suspension.chats) == (None, [])
    with pytest.raises(NotFound):
        invites.accept_invite(session, ben.id, token)
    unsuspend(session, maria.id, acme.id, ben.id)
    assert (role_of(session, acme, ben.id), len(told(session, acme.id))) == (None, before)
    assert invites.accept_invite(session, ben.id, token).member.role == "guest"


def test_a_second_suspension_changes_nothing(session: Session, acme: Workspace, maria: User, ben: User) -> None:
    first, _ = suspend(session, maria.id, acme.id, ben.id, "Spam")
    again, is_new = suspend(session, maria.id, acme.id, ben.id, "More spam")
    assert (again, is_new, again.reason) == (first, False, "Spam")


@pytest.mark.parametrize(
    ("actor", "target", "allowed"),
    [
        *[("owner", target, target != "owner") for target in ("owner", "admin", "member", "guest")],
        *[("admin", target, target in ("member", "guest")) for target in ("owner", "admin", "member", "guest")],
        *[(actor, target, False) for actor in ("member", "guest") for target in ("owner", "member", "guest")],
    ],
)
def test_people_are_suspended_and_let_in_by_those_above_them(
    session: Session, acme: Workspace, maria: User, actor: str, target: str, allowed: bool
) -> None:
    who, whom = a_colleague(session, acme, actor), a_colleague(session, acme, target)
    if allowed:
        suspend(session, who, acme.id, whom)
        unsuspend(session, who, acme.id, whom)
        assert role_of(session, acme, whom) == target
        return
    with pytest.raises(Forbidden):
        suspend(session, who, acme.id, whom)
    assert role_of(session, acme, whom) == target
    session.add(WorkspaceSuspension(workspace_id=acme.id, user_id=whom, role=target, chats=[], suspended_by=maria.id))
    session.flush()
    with pytest.raises(Forbidden):
        unsuspend(session, who, acme.id, whom)


def test_nobody_suspends_itself_or_the_last_owner(session: Session, acme: Workspace, maria: User, ben: User) -> None:
    for who in (maria, ben):
        for whom in (who, maria):
            with pytest.raises(Forbidden):
                suspend(session, who.id, acme.id, whom.id)


def test_who_was_never_here_cannot_be_suspended_nor_let_in(
    session: Session, acme: Workspace, maria: User, ben: User
) -> None:
    stranger = a_user(session).id
    for action in (suspend, unsuspend):
        with pytest.raises(NotFound):
            action(session, maria.id, acme.id, stranger)
        with pytest.raises(NotFound):
            action(session, stranger, acme.id, ben.id)
    member = a_colleague(session, acme)
    for action in (suspend, unsuspend):
        with pytest.raises(Forbidden):
            action(session, member, acme.id, stranger)


def test_a_suspension_outlives_who_made_it(session: Session, acme: Workspace, maria: User, ben: User) -> None:
    cleo = a_colleague(session, acme)
    suspend(session, ben.id, acme.id, cleo)
    remove_from_workspace(session, maria.id, acme.id, ben.id)
    assert session.get(WorkspaceSuspension, (acme.id, cleo), populate_existing=True).suspended_by == ben.id
    unsuspend(session, maria.id, acme.id, cleo)
    assert role_of(session, acme, cleo) == "member"


def test_a_role_that_was_lowered_before_is_what_comes_back(
    session: Session, acme: Workspace, maria: User, ben: User
) -> None:
    change_workspace_role(session, maria.id, acme.id, ben.id, "guest")
    suspend(session, maria.id, acme.id, ben.id)
    unsuspend(session, maria.id, acme.id, ben.id)
    assert role_of(session, acme, ben.id) == "guest"


def test_in_how_many_workspaces_a_person_is_by_now_is_not_told_to_who_lets_it_in(
    session: Session, acme: Workspace, maria: User, ben: User
) -> None:
    suspend(session, maria.id, acme.id, ben.id)
    for _ in range(MOST_WORKSPACES):
        a_workspace(session, ben)
    unsuspend(session, maria.id, acme.id, ben.id)
    assert role_of(session, acme, ben.id) == "admin"
    with pytest.raises(Conflict) as refused:
        create_workspace(session, ben.id, "One more, by itself")
    assert refused.value.code == "too_many_workspaces"


def test_who_is_in_too_many_chats_by_now_gets_back_the_workspace_alone(
    session: Session, acme: Workspace, maria: User, ben: User
) -> None:
    group = a_chat(session, acme, "group", [maria, ben])
    suspend(session, maria.id, acme.id, ben.id)
    for _ in range(2):
        put_into_chats(session, a_workspace(session, ben), ben.id, 450)
    unsuspend(session, maria.id, acme.id, ben.id)
    assert role_of(session, acme, ben.id) == "admin"
    assert ben.id not in roles_in(session, group)


def test_a_suspension_goes_with_its_workspace(session: Session, acme: Workspace, maria: User, ben: User) -> None:
    suspend(session, maria.id, acme.id, ben.id)
    session.execute(text("DELETE FROM workspaces WHERE id = :id"), {"id": acme.id})
    assert session.get(WorkspaceSuspension, (acme.id, ben.id), populate_existing=True) is None
