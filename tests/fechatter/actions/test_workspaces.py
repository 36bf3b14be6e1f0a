"""Workspaces are made, renamed and deleted with everything that hangs on them."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fechatter.actions import workspaces
from fechatter.errors import Conflict
from fechatter.models import Feed, UserChange, WorkspaceMember
from tests.factories import a_user, a_workspace, join_workspace
from tests.fechatter.actions.told import told


def test_a_new_workspace_is_owned_by_who_made_it_and_has_a_feed(session: Session) -> None:
    maria = a_user(session)
    workspace = workspaces.create_workspace(session, maria.id, "Acme")
    assert (workspace.name, workspace.member_count) == ("Acme", 1)
    assert session.get(WorkspaceMember, (workspace.id, maria.id)).role == "owner"
    assert session.get(Feed, workspace.id).head == 0


def test_creation_tells_the_owner_and_its_membership_begins_with_that_event(session: Session) -> None:
    maria = a_user(session)
    workspace = workspaces.create_workspace(session, maria.id, "Acme")
    (event,) = told(session, workspace.id)
    assert (event.type, event.audience, event.to_user) == ("workspace.member_added", "workspace", maria.id)
    assert (event.says["user_id"], event.says["role"], event.says["actor_id"]) == (maria.id, "owner", maria.id)
    assert session.get(WorkspaceMember, (workspace.id, maria.id)).since == event.id
    change = session.scalars(select(UserChange).where(UserChange.user_id == maria.id)).one()
    assert change.kind == "workspace_joined"


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Zürich & Söhne, Ltd.", "zurich-sohne-ltd"),
        ("日本", "workspace"),
        ("--", "workspace"),
        ("x" * 80, "x" * 40),
        ("a" * 39 + " b", "a" * 39),
    ],
)
def test_slugs_are_plain_ascii(session: Session, name: str, slug: str) -> None:
    assert workspaces.create_workspace(session, a_user(session).id, name).slug.startswith(slug)
    assert workspaces.create_workspace(session, a_user(session).id, name).slug.isascii()


def test_workspaces_of_one_name_have_different_slugs(session: Session) -> None:
    maria = a_user(session)
    slugs = {workspaces.create_workspace(session, maria.id, "Same name").slug for _ in range(3)}
    assert len(slugs) == 3


def test_a_person_can_be_in_a_hundred_workspaces_and_no_more(session: Session) -> None:
    maria = a_user(session)
    for _ in range(99):
        join_workspace(session, a_workspace(session), maria)
    workspaces.create_workspace(session, maria.id, "The hundredth")
    with pytest.raises(Conflict) as refused:
        workspaces.create_workspace(session, maria.id, "One too many")
    assert refused.value.code == "too_many_workspaces"
