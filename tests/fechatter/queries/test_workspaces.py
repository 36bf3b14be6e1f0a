"""Everyone sees the workspaces and people that are theirs to see, and nothing that is over."""

import pytest
from sqlalchemy.orm import Session

from fechatter.actions.workspaces import delete_workspace
from fechatter.errors import NotFound
from fechatter.queries import members
from fechatter.queries.workspaces import list_workspaces
from tests.factories import a_chat, a_user, a_workspace, join_workspace


def test_ones_workspaces_are_listed_in_the_order_of_joining_with_ones_role(session: Session) -> None:
    maria, ben = a_user(session), a_user(session)
    later, first, over = a_workspace(session, ben), a_workspace(session, maria), a_workspace(session, maria)
    join_workspace(session, later, maria, "guest")
    a_workspace(session, ben)
    delete_workspace(session, maria.id, over.id)
    listed = list_workspaces(session, maria.id)
    assert [(item["id"], item["role"]) for item in listed] == [(first.id, "owner"), (later.id, "guest")]


def test_members_are_listed_by_id_page_by_page(session: Session) -> None:
    maria = a_user(session, "Maria")
    acme, people = a_workspace(session, maria), [maria.id]
    for _ in range(4):
        join_workspace(session, acme, ben := a_user(session, "Ben", avatar_url="https://example.org/ben.png"))
        people.append(ben.id)
    first = members.workspace_members(session, maria.id, acme.id, after=0, limit=3)
    rest = members.workspace_members(session, maria.id, acme.id, after=first[-1]["user_id"], limit=3)
    assert [item["user_id"] for item in first + rest] == people
    assert (first[0]["role"], first[0]["name"], first[0]["email"]) == ("owner", "Maria", maria.email)
    assert first[1]["avatar_url"] == "https://example.org/ben.png"


def test_strangers_list_no_members(session: Session) -> None:
    maria, stranger = a_user(session), a_user(session)
    acme = a_workspace(session, maria)
    chat = a_chat(session, acme, "public_channel", [maria])
    with pytest.raises(NotFound):
        members.workspace_members(session, stranger.id, acme.id, 0, 10)
    with pytest.raises(NotFound):
        members.chat_members(session, stranger.id, chat.id, 0, 10)


def test_members_of_a_chat_have_their_role_in_the_chat(session: Session) -> None:
    maria, ben = a_user(session), a_user(session)
    acme = a_workspace(session, maria)
    join_workspace(session, acme, ben, "admin")
    chat = a_chat(session, acme, "group", [maria, ben])
    listed = members.chat_members(session, ben.id, chat.id, 0, 10)
    assert [(item["user_id"], item["role"]) for item in listed] == [(maria.id, "owner"), (ben.id, "member")]
