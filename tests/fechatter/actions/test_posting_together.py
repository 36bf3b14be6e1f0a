"""Posts that one statement stores for many: each as it would be alone, and none waits for what is not its own."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Barrier
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from fechatter import models
from fechatter.actions import posting
from fechatter.actions.posting import Post, Posted, Posting, post_message, post_messages
from fechatter.db import make_engine
from tests.factories import a_chat, a_session, a_user, a_workspace, committed, join_chat, join_workspace
from tests.factories import post as posted_before
from tests.fechatter.scene import Scene, lock_chat
from tests.waiting import until_waiting


class World(NamedTuple):
    people: list[tuple[int, int]]
    """Session and person: an owner of all channels, a member, one whose session has ended, one who is in nothing."""

    chats: list[int]
    message: int
    """In the first of the chats."""


@pytest.fixture
def world(session: Session) -> World:
    owner, member, gone, stranger = (a_user(session) for _ in range(4))
    workspace = a_workspace(session, owner)
    inside = [owner, member, gone]
    plain, read_only, slow = (a_chat(session, workspace, "public_channel", with_members=inside) for _ in range(3))
    blocked = a_chat(session, workspace, "single", with_members=[owner, member])
    read_only.read_only, slow.slow_mode, blocked.closed = True, 60, True
    session.flush()
    posted = posted_before(session, plain, member)
    assert posted.shape
    people = [(a_session(session, one, ended=one is gone).id, one.id) for one in (*inside, stranger)]
    chats = [plain.id, read_only.id, slow.id, blocked.id, 2**62]
    return World(people, chats, posted.shape["id"])


def as_told(posted: Posted) -> Any:
    """Without what differs each time."""
    shape = posted.shape and {k: v for k, v in posted.shape.items() if k not in ("id", "created_at")}
    return posted.outcome, shape, posted.workspace_id, posted.retry_after


@pytest.mark.parametrize("wait", [False, True])
def test_posts_together_become_what_they_become_one_by_one(session: Session, world: World, wait: bool) -> None:
    random, seen = Random(7), Counter[str]()
    connection = session.connection()
    for _ in range(120):
        posts = [
            Post(
                *random.choice(world.people[:2] * 3 + world.people[2:]),
                random.choice(world.chats),
                random.choice(["Hello", "{\"x\": 'y', \\}", "Grüße \U0001f600"]),
                random.choice([None, "a", "b,{}"]),
                random.choice([None, None, None, world.message, 2**62]),
            )
            for _ in range(random.randint(1, 12))
        ]
        if wait:
            posts = [one._replace(chat_id=posts[0].chat_id) for one in posts]
        with connection.begin_nested() as one_by_one:
            alone = [post_message(connection, one) for one in posts]
            events = connection.scalar(text("SELECT count(*) FROM outbox"))
            one_by_one.rollback()
        with connection.begin_nested() as at_once:
            together = post_messages(connection, posts, wait)
            assert connection.scalar(text("SELECT count(*) FROM outbox")) == events
            at_once.rollback()
        assert [one and as_told(one) for one in together] == [as_told(one) for one in alone]
        seen.update(one.outcome for one in alone)
    assert set(seen) == {
        "created", "repeated", "session_ended", "outside", "blocked", "read_only", "slow_mode", "bad_reply",
    }  # fmt: skip


class Two(NamedTuple):
    """Two groups of ann and ben."""

    scene: Scene
    other: models.Chat

    def post(self, user: models.User, chat: models.Chat, **more: Any) -> Post:
        return Post(self.scene.sessions[user.id], user.id, chat.id, "x", **more)


@pytest.fixture
def two(scene: Scene) -> Two:
    with committed(scene.engine) as session:
        workspace = session.get_one(models.Workspace, scene.chat.workspace_id)
        other = a_chat(session, workspace, "group", with_members=[scene.ann, scene.ben])
    return Two(scene, other)


def outcomes(posted: list[Posted | None]) -> list[str | None]:
    return [one and one.outcome for one in posted]


def test_what_another_holds_is_left_alone_and_the_rest_is_posted(two: Two) -> None:
    scene, chat, ann, ben = two.scene, two.scene.chat, two.scene.ann, two.scene.ben
    posts = [two.post(ann, chat), two.post(ann, two.other), two.post(ben, chat), two.post(ben, two.other)]
    with scene.under_way() as other:
        lock_chat(other, chat)
        assert outcomes(post_messages(scene.engine, posts, wait=False)) == [None, "created", None, "created"]
    with scene.under_way() as reading:
        held = text("SELECT FROM chat_members WHERE chat_id = :id AND user_id = :user FOR NO KEY UPDATE")
        reading.execute(held, {"id": chat.id, "user": ann.id})
        assert outcomes(post_messages(scene.engine, posts, wait=False)) == [None, "created", "created", "created"]
    assert [(m.seq, m.sender_id) for m in scene.messages()] == [(1, ben.id)]
    assert outcomes(post_messages(scene.engine, posts, wait=False)) == ["created"] * 4


def test_posts_to_one_chat_may_wait_and_go_in_their_order(two: Two) -> None:
    scene = two.scene
    people = [scene.ben, scene.ann, scene.ann]
    posts = [two.post(person, scene.chat, client_id=str(number)) for number, person in enumerate(people)]
    with scene.under_way() as other:
        lock_chat(other, scene.chat)
        waiting = scene.pool.submit(post_messages, scene.engine, posts, True)
        until_waiting(scene.engine, part="post_messages_v1")
    assert outcomes(waiting.result()) == ["created"] * 3
    assert [(m.client_id, m.sender_id) for m in scene.messages()] == [
        (str(number), person.id) for number, person in enumerate(people)
    ]


def test_who_is_not_a_member_waits_for_nobody_and_touches_nothing(two: Two) -> None:
    scene = two.scene
    row = "SELECT xmin::text, xmax::text, ctid::text, last_seq, active_at FROM chats WHERE id = :chat"
    with committed(scene.engine) as session:
        stranger = a_user(session)
        scene.sessions[stranger.id] = a_session(session, stranger).id
    before = scene.ask(row)
    posts = [two.post(stranger, scene.chat), two.post(stranger, two.other)]
    assert outcomes(post_messages(scene.engine, posts, wait=False)) == ["outside"] * 2
    with scene.under_way() as other:
        lock_chat(other, two.other)
        assert outcomes(post_messages(scene.engine, posts, wait=False)) == ["outside"] * 2
        assert outcomes(post_messages(scene.engine, posts[1:], wait=True)) == ["outside"]
    assert scene.ask(row) == before


def test_all_are_stored_or_none(two: Two) -> None:
    scene = two.scene
    posts = [two.post(scene.ann, scene.chat), two.post(scene.ben, scene.chat, reply_to=2**70)]
    with pytest.raises(DBAPIError):
        post_messages(scene.engine, posts, wait=True)
    assert (scene.messages(), scene.last_seq()) == ([], 0)


def test_what_only_one_can_have_caused_is_no_error_of_the_others(two: Two) -> None:
    scene = two.scene
    line = Posting(scene.engine)
    bad = two.post(scene.ben, scene.chat, reply_to=2**70)
    assert line._carry_out([two.post(scene.ann, scene.chat), bad], wait=False) == [None, None]
    with pytest.raises(DBAPIError):
        line.post(bad)
    # Behind a lost connection nobody knows: all are told so.
    with scene.under_way() as other:
        lock_chat(other, scene.chat)
        waiting = scene.pool.submit(line._carry_out, [two.post(scene.ann, scene.chat)] * 2, True)
        [pid] = until_waiting(scene.engine, part="post_messages_v1")
        with scene.engine.begin() as connection:
            connection.execute(text("SELECT pg_terminate_backend(:pid, 2000)"), {"pid": pid})
        with pytest.raises(DBAPIError) as error:
            waiting.result()
    assert error.value.connection_invalidated
    assert scene.messages() == []


@pytest.mark.by_the_clock
def test_a_chat_that_is_held_up_holds_up_no_other(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    scene, chat = two.scene, two.scene.chat
    sizes: list[int] = []

    def counted(where: Engine, posts: list[Post], wait: bool) -> list[Posted | None]:
        sizes.append(len(posts))
        return post_messages(where, posts, wait)

    monkeypatch.setattr(posting, "post_messages", counted)
    line = Posting(scene.engine)
    with scene.under_way() as other:
        lock_chat(other, chat)
        held = [scene.pool.submit(line.post, two.post(scene.ann, chat, client_id=str(n))) for n in range(12)]
        until_waiting(scene.engine)
        free = [scene.pool.submit(line.post, two.post(scene.ben, two.other)) for _ in range(6)]
        assert {one.result(2.5).outcome for one in free} == {"created"}
        assert not any(one.done() for one in held)
        assert len(until_waiting(scene.engine)) == 1  # on one connection for all
    assert ({one.result().outcome for one in held}, scene.last_seq()) == ({"created"}, 12)
    assert (max(sizes) > 2, line._of_chats) == (True, {})


def test_a_crowd_of_two_processes_loses_nothing_doubles_nothing_and_never_stands_still(
    scene: Scene, database_url: str
) -> None:
    """Each posts everything twice, under one client_id, to chats in an order of its own; its answers are its own."""
    with committed(scene.engine) as session:
        workspace = session.get_one(models.Workspace, scene.chat.workspace_id)
        people = [a_user(session) for _ in range(6)]
        for person in people:
            join_workspace(session, workspace, person)
            scene.sessions[person.id] = a_session(session, person).id
        chats = [a_chat(session, workspace, "group", with_members=people[:3]).id for _ in range(3)]
        for chat_id in chats:
            for person in people[3:]:
                join_chat(session, session.get_one(models.Chat, chat_id), person)
    engines = [make_engine(database_url, pool=8, name="posting") for _ in range(2)]
    lines = [Posting(engine) for engine in engines]
    start = Barrier(24)

    def client(number: int) -> Counter[str]:
        random, line, person = Random(number), lines[number % 2], people[number % 6]
        start.wait(60)
        seen = Counter[str]()
        for turn in range(25):
            name = f"{number}-{turn}"
            post = Post(scene.sessions[person.id], person.id, random.choice(chats), name, name)
            answers = [line.post(post) for _ in range(2)]
            assert [one.shape and one.shape["content"] for one in answers] == [name] * 2
            seen.update(one.outcome for one in answers)
        return seen

    with ThreadPoolExecutor(24) as pool:
        seen = sum((one.result(120) for one in [pool.submit(client, number) for number in range(24)]), Counter[str]())
    assert seen == {"created": 24 * 25, "repeated": 24 * 25}
    for line, engine in zip(lines, engines, strict=True):
        assert line._of_chats == {}
        engine.dispose()
    with scene.engine.connect() as connection:
        for chat_id in chats:
            rows = connection.execute(
                text(
                    "SELECT m.seq, m.created_at FROM messages m JOIN outbox o ON o.message_id = m.id"
                    " WHERE m.chat_id = :chat ORDER BY o.id"
                ),
                {"chat": chat_id},
            ).all()
            assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
            assert sorted(times := [row.created_at for row in rows]) == times
