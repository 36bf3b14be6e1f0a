"""A chat as its caller sees it: a public channel from outside shows that it is, and nothing that was said."""

import pytest
from sqlalchemy.orm import Session

from fechatter.access import chat_for
from fechatter.errors import NotFound
from fechatter.models import Chat, Message, User, Workspace
from fechatter.queries.channels import public_channels
from fechatter.queries.chats import chat_view
from tests.factories import a_chat, a_user, a_workspace, join_chat, join_workspace


def say(session: Session, chat: Chat, sender: User, content: str) -> None:
    chat.last_seq = (chat.last_seq or 0) + 1
    session.add(Message(chat_id=chat.id, seq=chat.last_seq, sender_id=sender.id, content=content))
    session.flush()


@pytest.fixture
def maria(session: Session) -> User:
    return a_user(session)


@pytest.fixture
def acme(session: Session, maria: User) -> Workspace:
    return a_workspace(session, maria)


def test_a_member_sees_its_role_what_is_unread_and_the_newest_message(
    session: Session, maria: User, acme: Workspace
) -> None:
    ben = a_user(session)
    group = a_chat(session, acme, "group", [maria, ben])
    say(session, group, maria, "first")
    say(session, group, maria, "newest")
    view = chat_view(session, chat_for(session, ben.id, group.id))
    assert (view["role"], view["last_read_seq"], view["unread_count"]) == ("member", 0, 2)
    assert view["member_ids"] == sorted([maria.id, ben.id])
    assert (view["last_message"]["seq"], view["last_message"]["content"]) == (2, "newest")


def test_a_silent_chat_has_no_newest_message(session: Session, maria: User, acme: Workspace) -> None:
    group = a_chat(session, acme, "group", [maria, a_user(session)])
    assert chat_view(session, chat_for(session, maria.id, group.id))["last_message"] is None


def test_the_workspace_sees_of_a_public_channel_nothing_that_was_said(
    session: Session, maria: User, acme: Workspace
) -> None:
    ben = a_user(session)
    join_workspace(session, acme, ben)
    channel = a_chat(session, acme, "public_channel", [maria], name="News")
    say(session, channel, maria, "for members")
    view = chat_view(session, chat_for(session, ben.id, channel.id))
    (listed,) = public_channels(session, ben.id, acme.id, None, 10)
    for seen in (view, listed):
        assert (seen["name"], seen["role"], seen["unread_count"], seen["member_ids"]) == ("News", None, 0, None)
        assert seen["last_message"] is None
    assert listed["is_member"] is False
    (own,) = public_channels(session, maria.id, acme.id, None, 10)
    assert (own["is_member"], own["role"], own["last_message"]["content"]) == (True, "owner", "for members")


def test_channels_are_listed_by_name_page_by_page(session: Session, maria: User, acme: Workspace) -> None:
    for name in ("delta", "Bravo", "charlie", "Alpha"):
        a_chat(session, acme, "public_channel", name=name)
    a_chat(session, acme, "private_channel", [maria], name="hidden")
    a_chat(session, a_workspace(session, maria), "public_channel", name="elsewhere")
    first = public_channels(session, maria.id, acme.id, None, 2)
    rest = public_channels(session, maria.id, acme.id, first[-1]["name"], 10)
    assert [channel["name"] for channel in first + rest] == ["Alpha", "Bravo", "charlie", "delta"]


def test_a_page_goes_on_behind_a_channel_that_is_there_no_more(session: Session, maria: User, acme: Workspace) -> None:
    for name in ("alpha", "charlie"):
        a_chat(session, acme, "public_channel", name=name)
    for name in ("Bravo", "bravo", "b"):
        assert [channel["name"] for channel in public_channels(session, maria.id, acme.id, name, 10)] == ["charlie"]


def test_guests_see_the_public_channels_that_they_are_in(session: Session, maria: User, acme: Workspace) -> None:
    guest = a_user(session)
    join_workspace(session, acme, guest, "guest")
    a_chat(session, acme, "public_channel", [maria])
    theirs = a_chat(session, acme, "public_channel", [maria])
    join_chat(session, theirs, guest)
    assert [channel["id"] for channel in public_channels(session, guest.id, acme.id, None, 10)] == [theirs.id]


def test_strangers_see_no_channels(session: Session, acme: Workspace) -> None:
    with pytest.raises(NotFound):
        public_channels(session, a_user(session).id, acme.id, None, 10)
