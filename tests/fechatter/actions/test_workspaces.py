"""Workspaces are made, renamed and deleted with everything that hangs on them."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fechatter.access import chat_for
from fechatter.actions import workspaces
from fechatter.actions.chats import delete_chat
from fechatter.errors import Conflict, Forbidden, NotFound
from fechatter.models import Feed, User, UserChange, Workspace, WorkspaceMember
from tests.factories import a_chat, a_user, a_workspace, join_workspace
from tests.fechatter.actions.people import a_colleague, list_version
from tests.fechatter.actions.told import outline, told


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


def test_renaming_tells_the_workspace_and_leaves_the_slug(session: Session, acme: Workspace) -> None:
    slug, admin = acme.slug, a_colleague(session, acme, "admin")
    place = workspaces.rename_workspace(session, admin, acme.id, "Umbrella")
    assert (place.workspace.name, place.workspace.slug, place.member.role) == ("Umbrella", slug, "admin")
    workspaces.rename_workspace(session, admin, acme.id, "Umbrella")
    (event,) = told(session, acme.id)
    assert outline([event]) == [("workspace.updated", "workspace", None)]
    assert event.says["workspace"]["name"] == "Umbrella"
    assert "role" not in event.says["workspace"]


@pytest.mark.parametrize("role", ["member", "guest"])
def test_members_and_guests_neither_rename_nor_delete_a_workspace(session: Session, acme: Workspace, role: str) -> None:
    ben = a_colleague(session, acme, role)
    with pytest.raises(Forbidden):
        workspaces.rename_workspace(session, ben, acme.id, "Umbrella")
    with pytest.raises(Forbidden):
        workspaces.delete_workspace(session, ben, acme.id)


def test_an_admin_deletes_no_workspace_and_a_stranger_finds_none(session: Session, acme: Workspace) -> None:
    with pytest.raises(Forbidden):
        workspaces.delete_workspace(session, a_colleague(session, acme, "admin"), acme.id)
    for action in (workspaces.delete_workspace, lambda *place: workspaces.rename_workspace(*place, "Umbrella")):
        with pytest.raises(NotFound):
            action(session, a_user(session).id, acme.id)


def test_a_deleted_workspace_takes_its_chats_with_it_and_its_end_is_kept(
    session: Session, acme: Workspace, maria: User
) -> None:
    ben, elsewhere = a_user(session), a_workspace(session, maria)
    chats = [a_chat(session, acme, type, [maria, ben]) for type in ("single", "group", "public_channel")]
    other = a_chat(session, elsewhere, "group", [maria, ben])
    workspaces.delete_workspace(session, maria.id, acme.id)
    (event,) = told(session, acme.id)
    assert outline([event]) == [("workspace.deleted", "workspace", None)]
    for row in (acme, *chats):
        session.refresh(row)
        assert row.deleted_at is not None
        assert row.ended == event.id
    session.refresh(other)
    assert other.deleted_at is None
    assert session.get(WorkspaceMember, (acme.id, ben.id)) is not None
    assert list_version(session, maria.id) == 1
    with pytest.raises(NotFound):
        workspaces.delete_workspace(session, maria.id, acme.id)
    with pytest.raises(NotFound):
        chat_for(session, ben.id, chats[0].id)


def test_a_deleted_workspace_no_longer_counts(session: Session, maria: User) -> None:
    for _ in range(100):
        last = a_workspace(session, maria)
    workspaces.delete_workspace(session, maria.id, last.id)
    assert workspaces.create_workspace(session, maria.id, "The hundredth again")


def test_a_chat_that_was_deleted_before_its_workspace_keeps_its_own_end(
    session: Session, acme: Workspace, maria: User
) -> None:
    chat = a_chat(session, acme, "public_channel", [maria])
    delete_chat(session, maria.id, chat.id)
    ended = chat.ended
    workspaces.delete_workspace(session, maria.id, acme.id)
    session.refresh(chat)
    assert chat.ended == ended
