"""Deletions that meet other writes and the relay: what is deleted stays so, and its text is nowhere."""

import pytest
from sqlalchemy import text

from fechatter.actions.chat_members import remove_member
from fechatter.actions.messages import delete_message, edit_message
from fechatter.errors import Conflict, NotFound
from fechatter.feed.relay import relay_once
from fechatter.shapes import Shape
from tests.fechatter.scene import Scene
from tests.waiting import until_waiting


@pytest.fixture
def message(scene: Scene) -> Shape:
    return scene.post(scene.ben, "secret").shape or {}


def texts_kept(scene: Scene) -> str:
    """All that the stream may still send of this workspace."""
    bodies = "SELECT body FROM outbox WHERE workspace_id = :workspace UNION ALL SELECT body FROM events"
    return str(scene.ask(f"{bodies} WHERE workspace_id = :workspace"))


def test_an_edit_that_waits_for_the_deletion_brings_nothing_back(scene: Scene, message: Shape) -> None:
    with scene.under_way() as deletion:
        delete_message(deletion, scene.ann.id, message["id"])
        edit = scene.later(edit_message, scene.ben.id, message["id"], "secret again")
        until_waiting(scene.engine)
    with pytest.raises(Conflict):
        edit.result()
    assert [row.content for row in scene.messages()] == [None]


def test_a_deletion_that_waits_for_an_edit_takes_its_text_too(scene: Scene, message: Shape) -> None:
    with scene.under_way() as editing:
        edit_message(editing, scene.ben.id, message["id"], "secret again")
        deletion = scene.later(delete_message, scene.ann.id, message["id"])
        until_waiting(scene.engine)
    deletion.result()
    assert scene.recorded() == ["message.created", "message.updated", "message.deleted"]
    assert "secret" not in texts_kept(scene)
    [tombstone] = scene.messages()
    assert (tombstone.content, tombstone.edited_at < tombstone.deleted_at) == (None, True)


def test_of_two_deletions_at_once_one_is_told_of(scene: Scene, message: Shape) -> None:
    with scene.under_way() as first:
        delete_message(first, scene.ann.id, message["id"])
        second = scene.later(delete_message, scene.ben.id, message["id"])
        until_waiting(scene.engine)
    second.result()
    assert scene.recorded() == ["message.created", "message.deleted"]


def test_who_is_removed_while_the_edit_waits_has_not_edited(scene: Scene, message: Shape) -> None:
    with scene.under_way() as removal:
        remove_member(removal, scene.ann.id, scene.chat.id, scene.ben.id)
        edit = scene.later(edit_message, scene.ben.id, message["id"], "last words")
        until_waiting(scene.engine)
    with pytest.raises(NotFound):
        edit.result()
    assert scene.recorded() == ["message.created", "member.removed"]


def test_deleting_while_the_relay_moves_the_event_leaves_no_text(scene: Scene, message: Shape) -> None:
    with scene.under_way() as relay:
        relay.execute(text("SELECT relay_v2(ARRAY[:w], true, 500)"), {"w": scene.chat.workspace_id}).all()
        deletion = scene.later(delete_message, scene.ann.id, message["id"])
        until_waiting(scene.engine)
    deletion.result()
    assert "secret" not in texts_kept(scene)
    assert scene.recorded() == ["message.deleted"]


def test_the_relay_that_waits_for_a_deletion_moves_no_text(scene: Scene, message: Shape) -> None:
    with scene.under_way() as deletion:
        delete_message(deletion, scene.ann.id, message["id"])
        relay = scene.pool.submit(relay_once, scene.engine, [scene.chat.workspace_id], True)
        until_waiting(scene.engine)
    [batch] = relay.result().batches
    assert batch.events[0].type == "message.created"
    assert "secret" not in str(batch) + texts_kept(scene)
