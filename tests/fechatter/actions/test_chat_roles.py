"""Roles in chats are the owners' to give; everyone may step down, except the last owner."""

import pytest
from sqlalchemy.orm import Session

from fechatter.actions.chat_members import change_member_role
from fechatter.errors import Conflict, Forbidden, NotFound
from fechatter.models import User, Workspace
from tests.factories import a_chat, a_user, join_chat
from tests.fechatter.actions.people import a_colleague, list_version, roles_in
from tests.fechatter.actions.told import outline, told

TYPES = pytest.mark.parametrize("type", ["group", "private_channel", "public_channel"])


@TYPES
def test_an_owner_gives_any_role_and_the_chat_hears_of_it(
    session: Session, acme: Workspace, maria: User, type: str
) -> None:
    ben = a_user(session)
    chat = a_chat(session, acme, type, [maria, ben])
    for role in ("admin", "owner", "member"):
        change_member_role(session, maria.id, chat.id, ben.id, role)
        assert roles_in(session, chat)[ben.id] == role
    events = told(session, acme.id)
    assert outline(events) == [("member.updated", "chat", None)] * 3
    assert events[0].says | {"user_id": ben.id, "role": "admin", "member_count": 2} == events[0].says
    assert list_version(session, ben.id) == 3


def test_a_role_that_stays_tells_nobody(session: Session, acme: Workspace, maria: User) -> None:
    ben = a_user(session)
    chat = a_chat(session, acme, "group", [maria, ben])
    change_member_role(session, maria.id, chat.id, ben.id, "member")
    change_member_role(session, maria.id, chat.id, maria.id, "owner")
    change_member_role(session, ben.id, chat.id, ben.id, "member")
    assert told(session, acme.id) == []


@TYPES
def test_an_admin_gives_no_role_but_may_step_down(session: Session, acme: Workspace, maria: User, type: str) -> None:
    ben, cleo = a_user(session), a_user(session)
    chat = a_chat(session, acme, type, [maria, cleo])
    join_chat(session, chat, ben, "admin")
    for other, role in ((cleo, "admin"), (cleo, "member"), (maria, "member"), (ben, "owner")):
        with pytest.raises(Forbidden):
            change_member_role(session, ben.id, chat.id, other.id, role)
    change_member_role(session, ben.id, chat.id, ben.id, "member")
    assert roles_in(session, chat)[ben.id] == "member"


@TYPES
def test_the_last_owner_cannot_step_down_but_one_of_two_can(
    session: Session, acme: Workspace, maria: User, type: str
) -> None:
    ben = a_user(session)
    chat = a_chat(session, acme, type, [maria, ben])
    with pytest.raises(Conflict) as refused:
        change_member_role(session, maria.id, chat.id, maria.id, "admin")
    assert refused.value.code == "last_owner"
    change_member_role(session, maria.id, chat.id, ben.id, "owner")
    change_member_role(session, maria.id, chat.id, maria.id, "member")
    assert roles_in(session, chat) == {maria.id: "member", ben.id: "owner"}


def test_nobody_has_a_role_to_change_in_a_single(session: Session, acme: Workspace, maria: User) -> None:
    chat = a_chat(session, acme, "single", [maria, a_user(session)])
    with pytest.raises(Forbidden):
        change_member_role(session, maria.id, chat.id, maria.id, "member")


def test_the_role_of_somebody_who_is_not_there_is_missing_for_the_owner_and_forbidden_for_others(
    session: Session, acme: Workspace, maria: User
) -> None:
    ben = a_user(session)
    chat = a_chat(session, acme, "public_channel", [maria, ben])
    cleo = a_colleague(session, acme)
    with pytest.raises(NotFound):
        change_member_role(session, maria.id, chat.id, cleo, "admin")
    with pytest.raises(Forbidden):
        change_member_role(session, ben.id, chat.id, cleo, "admin")
    with pytest.raises(Forbidden):
        change_member_role(session, cleo, chat.id, cleo, "member")
