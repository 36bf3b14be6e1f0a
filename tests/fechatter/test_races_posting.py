"""Posts that meet other writes: whatever the interleaving, locks are waited for and what is checked is the present."""

import pytest
from sqlalchemy import text

from fechatter import models
from fechatter.actions.chat_members import remove_member
from fechatter.actions.posting import Posted
from fechatter.actions.reading import mark_read
from fechatter.actions.workspaces import delete_workspace
from fechatter.errors import NotFound
from tests import factories
from tests.factories import committed
from tests.fechatter.scene import Scene, lock_chat
from tests.waiting import until_waiting


def test_who_is_removed_while_the_post_waits_has_not_posted(scene: Scene) -> None:
    with scene.under_way() as removal:
        remove_member(removal, scene.ann.id, scene.chat.id, scene.ben.id)
        post = scene.post_later(scene.ben)
        until_waiting(scene.engine)
    assert post.result().outcome == "outside"
    assert (scene.messages(), scene.last_seq()) == ([], 0)
    assert scene.recorded() == ["member.removed"]


def test_who_may_not_post_waits_for_nobody_and_leaves_the_chat_as_it_is(scene: Scene) -> None:
    row = "SELECT xmin::text, ctid::text, last_seq, active_at FROM chats WHERE id = :chat"
    with committed(scene.engine) as session:
        stranger, gone = factories.a_user(session), factories.a_user(session)
        scene.sessions[stranger.id] = factories.a_session(session, stranger).id
        factories.join_chat(session, session.get_one(models.Chat, scene.chat.id), gone)
        scene.sessions[gone.id] = factories.a_session(session, gone, ended=True).id
    before = scene.ask(row)
    with scene.under_way() as other:
        lock_chat(other, scene.chat)
        assert scene.post_later(stranger).result(30).outcome == "outside"
        assert scene.post_later(gone).result(30).outcome == "session_ended"
    assert scene.ask(row) == before


def test_a_removal_waits_for_the_post_under_way_and_is_told_of_behind_it(scene: Scene) -> None:
    with scene.under_way() as post:
        lock_chat(post, scene.chat)
        removal = scene.later(remove_member, scene.ann.id, scene.chat.id, scene.ben.id)
        until_waiting(scene.engine)
        assert scene.post_in(post, scene.ben).outcome == "created"
    removal.result()
    assert scene.recorded() == ["message.created", "member.removed"]


def test_whose_session_ends_while_the_post_waits_has_not_posted(scene: Scene) -> None:
    with scene.under_way() as other:
        lock_chat(other, scene.chat)
        post = scene.post_later(scene.ben)
        until_waiting(scene.engine)
        with scene.under_way() as sign_out:
            ended = text("UPDATE sessions SET ended_at = now() WHERE id = :id")
            sign_out.execute(ended, {"id": scene.sessions[scene.ben.id]})
    assert post.result().outcome == "session_ended"
    assert scene.recorded() == []


def test_twins_of_one_client_id_become_one_message(scene: Scene) -> None:
    with scene.under_way() as other:
        lock_chat(other, scene.chat)
        posts = [scene.post_later(scene.ann, client_id="twin") for _ in range(8)]
        until_waiting(scene.engine, 8)
    posted = [post.result() for post in posts]
    assert sorted(p.outcome for p in posted) == ["created"] + ["repeated"] * 7
    assert len({str(p.shape) for p in posted}) == 1
    assert [m.seq for m in scene.messages()] == [1]
    assert scene.recorded() == ["message.created"]
    scene.post(scene.ann)
    assert [m.seq for m in scene.messages()] == [1, 2]


def test_numbers_stay_dense_and_times_rise_in_a_crowd_with_refusals(scene: Scene) -> None:
    """Sixteen clients, each posting, repeating itself and being refused."""

    def client(number: int) -> list[Posted]:
        person = (scene.ann, scene.ben)[number % 2]
        posted = list[Posted]()
        for turn in range(12):
            key = f"{number}-{turn // 2}"  # each twice
            posted += [scene.post(person, client_id=key), scene.post(person, reply_to=2**62), scene.post(person)]
        return posted

    with scene.under_way() as other:
        # All begin at once, and wait: their transactions are older than what they will find.
        lock_chat(other, scene.chat)
        clients = [scene.pool.submit(client, number) for number in range(16)]
        until_waiting(scene.engine, 16)
    posted = [p for one in clients for p in one.result()]
    created = [p.shape["seq"] for p in posted if p.outcome == "created" and p.shape]
    messages = scene.messages()
    assert len(created) == 16 * (6 + 12)
    assert [m.seq for m in messages] == sorted(created) == list(range(1, len(created) + 1))
    assert scene.last_seq() == len(created)
    times = [m.created_at for m in messages]
    assert times == sorted(set(times))


def test_events_of_a_chat_are_numbered_in_the_order_of_its_messages(scene: Scene) -> None:
    posts = [scene.post_later((scene.ann, scene.ben)[number % 2]) for number in range(60)]
    assert {post.result().outcome for post in posts} == {"created"}
    rows = scene.ask(
        "SELECT seq FROM outbox o JOIN messages m ON m.id = o.message_id WHERE m.chat_id = :chat ORDER BY o.id"
    )
    assert [row.seq for row in rows] == list(range(1, 61))


def test_what_one_has_read_is_told_of_before_the_own_post_that_waits_for_it(scene: Scene) -> None:
    scene.post(scene.ben)
    with scene.under_way() as reading:
        held = text("SELECT FROM chat_members WHERE chat_id = :id AND user_id = :user FOR NO KEY UPDATE")
        reading.execute(held, {"id": scene.chat.id, "user": scene.ann.id})
        post = scene.post_later(scene.ann)
        until_waiting(scene.engine)
        assert mark_read(reading, scene.ann.id, scene.chat.id, 1)["last_read_seq"] == 1
    assert post.result().outcome == "created"
    assert scene.recorded() == ["message.created", "read.updated", "message.created"]


def test_reading_that_waits_for_the_own_post_does_not_fall_behind_it(scene: Scene) -> None:
    scene.post(scene.ben)
    with scene.under_way() as post:
        scene.post_in(post, scene.ann)
        reading = scene.later(mark_read, scene.ann.id, scene.chat.id, 2**40)
        until_waiting(scene.engine)
    assert reading.result() == {"last_read_seq": 2, "unread_count": 0}
    assert scene.recorded() == ["message.created", "message.created"]


def test_who_is_removed_while_the_reading_waits_finds_nothing_there(scene: Scene) -> None:
    scene.post(scene.ann)
    with scene.under_way() as removal:
        remove_member(removal, scene.ann.id, scene.chat.id, scene.ben.id)
        reading = scene.later(mark_read, scene.ben.id, scene.chat.id, 1)
        until_waiting(scene.engine)
    with pytest.raises(NotFound):
        reading.result()
    assert scene.recorded() == ["message.created", "member.removed"]


def test_a_post_that_waits_for_the_workspaces_end_finds_nothing_there(scene: Scene) -> None:
    with scene.under_way() as deletion:
        delete_workspace(deletion, scene.ann.id, scene.chat.workspace_id)
        post = scene.post_later(scene.ben)
        until_waiting(scene.engine)
    assert post.result().outcome == "absent"
    assert scene.recorded() == ["workspace.deleted"]


def test_the_workspaces_end_waits_for_the_post_under_way_and_is_told_of_behind_it(scene: Scene) -> None:
    with scene.under_way() as post:
        lock_chat(post, scene.chat)
        deletion = scene.later(delete_workspace, scene.ann.id, scene.chat.workspace_id)
        until_waiting(scene.engine)
        assert scene.post_in(post, scene.ben).outcome == "created"
    deletion.result()
    assert scene.recorded() == ["message.created", "workspace.deleted"]
