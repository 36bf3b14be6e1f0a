"""Who is told of what: as it is when it is sent, not only as it was when it was said."""

import time
from collections.abc import Callable

import pytest

from fechatter.actions.blocks import block
from fechatter.actions.messages import delete_message, edit_message
from fechatter.actions.reading import mark_read
from fechatter.actions.sessions import end_session
from fechatter.actions.told import choose_level, pause
from fechatter.push.fan_out import fan_out
from fechatter.push.sending import SURELY_HERE
from tests.fechatter.push.conftest import Office


@pytest.mark.parametrize("type", ["single", "group"])
def test_who_is_away_is_told_of_singles_and_groups(office: Office, type: str) -> None:
    browser = office.subscribe(office.ben)
    chat = office.world.chat(office.ann, office.workspace, office.ben, type=type)
    message = office.post(office.ann, "Good morning", chat)
    assert office.push() == ["sent"]
    [told] = office.service.told(browser)
    at = told.pop("at")
    assert at.endswith("Z")
    assert told == {
        "workspace_id": office.workspace,
        "chat_id": chat,
        "chat_type": type,
        "chat_name": None,
        "message_id": message,
        "sender_name": "Ann",
        "text": "Good morning",
    }


@pytest.mark.parametrize("type", ["public_channel", "private_channel"])
def test_of_a_channel_only_who_chose_it_is_told(office: Office, type: str) -> None:
    browser = office.subscribe(office.ben)
    chat = office.world.chat(office.ann, office.workspace, office.ben, type=type, name="general")
    office.post(office.ann, "One", chat)
    assert office.push() == []
    office.world.write(lambda session: choose_level(session, office.ben.id, chat, "all"))
    office.post(office.ann, "Two", chat)
    assert office.push() == ["sent"]
    assert [(told["chat_name"], told["text"]) for told in office.service.told(browser)] == [("general", "Two")]


def test_nothing_is_nothing(office: Office) -> None:
    office.subscribe(office.ben)
    office.world.write(lambda session: choose_level(session, office.ben.id, office.chat, "nothing"))
    office.post(office.ann, "Hello")
    assert office.push() == []


def test_nobody_is_told_of_ones_own(office: Office) -> None:
    browser = office.subscribe(office.ann)
    office.post(office.ann, "Hello")
    assert office.push() == []
    # Whatever it is said to have read.
    office.run("UPDATE chat_members SET last_read_seq = 0 WHERE chat_id = :chat", chat=office.chat)
    office.run("UPDATE push_cursors SET position = 0")
    assert office.push() == ["dropped"]
    assert office.service.told(browser) == []


def test_each_browser_of_a_person_is_told(office: Office) -> None:
    browsers = [office.subscribe(office.ben) for _ in range(3)]
    office.post(office.ann, "Hello")
    assert office.push() == ["sent"] * 3
    assert [len(office.service.told(browser)) for browser in browsers] == [1, 1, 1]


def test_what_was_said_before_one_subscribed_is_not_told(office: Office) -> None:
    office.post(office.ann, "Before")
    office.subscribe(office.ben)
    assert office.push() == []


def test_what_is_a_day_old_is_not_told(office: Office) -> None:
    office.subscribe(office.ben)
    office.post(office.ann, "Old")
    office.run("UPDATE events SET created_at = created_at - interval '25 hours'")
    office.run("UPDATE push_subscriptions SET created_at = created_at - interval '2 days'")
    assert office.push() == []


def ends_session(office: Office) -> None:
    office.world.write(lambda s: end_session(s, office.ben.id, office.ben.session_id, "signed_out"))


def expires(office: Office) -> None:
    office.run("UPDATE sessions SET expires_at = now() WHERE id = :id", id=office.ben.session_id)


def is_removed(office: Office) -> None:
    """While somebody else stays, who has not read it."""
    cat = office.world.person("Cat")
    office.world.enter(office.workspace, cat)
    office.world.add(office.ann, office.chat, cat)
    office.run("UPDATE chat_members SET last_read_seq = 0 WHERE user_id = :id", id=cat.id)
    office.world.remove(office.ann, office.chat, office.ben)


def is_in_the_chat_alone(office: Office) -> None:
    """Which no way leads to: no place in the workspace any more."""
    office.run("DELETE FROM workspace_members WHERE user_id = :id", id=office.ben.id)


def leaves_the_workspace(office: Office) -> None:
    office.world.leave(office.workspace, office.ben)


def blocks(office: Office) -> None:
    office.world.write(lambda session: block(session, office.ben.id, office.ann.id))


def reads(office: Office) -> None:
    office.world.write(lambda session: mark_read(session, office.ben.id, office.chat, 1))


def silences(office: Office) -> None:
    office.world.write(lambda session: choose_level(session, office.ben.id, office.chat, "nothing"))


def pauses(office: Office) -> None:
    from datetime import UTC, datetime, timedelta

    office.world.write(lambda session: pause(session, office.ben.id, datetime.now(UTC) + timedelta(hours=1)))


def is_suspended(office: Office) -> None:
    office.run("UPDATE users SET suspended_at = now() WHERE id = :id", id=office.ben.id)


def loses_the_chat(office: Office) -> None:
    office.run("UPDATE chats SET deleted_at = now() WHERE id = :id", id=office.chat)


def loses_the_workspace(office: Office) -> None:
    office.run("UPDATE workspaces SET deleted_at = now() WHERE id = :id", id=office.workspace)


def runs_out(office: Office) -> None:
    office.run("UPDATE push_subscriptions SET expires_at = now() WHERE user_id = :id", id=office.ben.id)


def is_late(office: Office) -> None:
    office.run("UPDATE push_subscriptions SET created_at = created_at - interval '2 days'")
    office.run(
        "UPDATE messages SET created_at = created_at - interval '25 hours' WHERE chat_id = :chat", chat=office.chat
    )


def deletes(office: Office) -> None:
    [row] = office.rows()
    office.world.write(lambda session: delete_message(session, office.ann.id, row.message_id))


WHYS = [
    ends_session, expires, is_removed, is_in_the_chat_alone, leaves_the_workspace, blocks, reads, silences, pauses,
    is_suspended, loses_the_chat, loses_the_workspace, runs_out, is_late, deletes,
]  # fmt: skip


@pytest.mark.parametrize("why", WHYS, ids=lambda why: why.__name__)
def test_what_is_not_to_be_told_any_more_when_it_is_sent_is_not(office: Office, why: Callable[[Office], None]) -> None:
    browser = office.subscribe(office.ben)
    office.post(office.ann, "Secret")
    assert fan_out(office.engine, office.workspace) == 1
    why(office)
    assert office.push() in (["dropped"], [])
    assert office.service.to(browser) == []
    assert office.rows() == []


def test_the_text_is_as_it_is_when_it_is_sent(office: Office) -> None:
    browser = office.subscribe(office.ben)
    message = office.post(office.ann, "Helo")
    fan_out(office.engine, office.workspace)
    office.world.write(lambda session: edit_message(session, office.ann.id, message, "Hello"))
    office.push()
    assert [told["text"] for told in office.service.told(browser)] == ["Hello"]


def test_a_pause_that_is_over_holds_nothing_up(office: Office) -> None:
    office.subscribe(office.ben)
    office.run("UPDATE users SET notifications_paused_until = now() WHERE id = :id", id=office.ben.id)
    office.post(office.ann, "Hello")
    assert office.push() == ["sent"]


def test_what_a_blocked_person_says_in_a_group_is_not_told_and_hides_nothing(office: Office) -> None:
    browser, cat = office.subscribe(office.ben), office.world.person("Cat")
    office.world.enter(office.workspace, cat)
    office.world.add(office.ann, office.chat, cat)
    blocks(office)
    office.post(cat, "From Cat")
    fan_out(office.engine, office.workspace)
    office.post(office.ann, "From Ann")
    assert office.push() == ["sent"]
    assert [told["text"] for told in office.service.told(browser)] == ["From Cat"]


def test_the_one_before_is_told_where_the_newest_has_been_deleted_since(office: Office) -> None:
    browser = office.subscribe(office.ben)
    office.post(office.ann, "One")
    fan_out(office.engine, office.workspace)
    newest = office.post(office.ann, "Two")
    fan_out(office.engine, office.workspace)
    office.world.write(lambda session: delete_message(session, office.ann.id, newest))
    assert office.push() == ["sent"]
    assert [told["text"] for told in office.service.told(browser)] == ["One"]


def test_what_was_said_before_one_subscribed_does_not_stand_in_for_what_has_been_deleted(office: Office) -> None:
    office.post(office.ann, "Before")
    browser = office.subscribe(office.ben)
    newest = office.post(office.ann, "Behind")
    fan_out(office.engine, office.workspace)
    office.world.write(lambda session: delete_message(session, office.ann.id, newest))
    assert office.push() == ["dropped"]
    assert office.service.to(browser) == []


def test_who_was_here_well_after_the_message_has_got_it(office: Office) -> None:
    browser = office.subscribe(office.ben)
    office.post(office.ann, "Hello")
    office.seen[office.ben.id] = time.time() + SURELY_HERE + 5
    assert office.push() == ["dropped"]
    assert (office.service.to(browser), office.rows()) == ([], [])


def test_who_was_here_before_the_message_is_looked_for_again_and_told_when_gone(office: Office) -> None:
    """A notify process that was killed is believed for a minute, and a line that broke for almost as long."""
    browser = office.subscribe(office.ben)
    office.post(office.ann, "Hello")
    for seen in (time.time() - 50, time.time() + SURELY_HERE - 5):
        office.seen[office.ben.id] = seen
        assert office.push() == ["put_off"]
        assert office.push() == [], "it is not due"
        [row] = office.rows()
        assert row.attempts == 0
        office.make_due()
    office.seen.clear()
    assert office.push() == ["sent"]
    assert len(office.service.told(browser)) == 1
