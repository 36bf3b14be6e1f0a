"""Pages of a feed: whole, or Trimmed; and a personal page lacks nothing that its person may see."""

from threading import Event as Flag
from typing import Any

import pytest
from sqlalchemy import Engine, text

from fechatter.cursor import Place
from fechatter.feed.memberships import Membership
from fechatter.feed.pages import Page, Trimmed, read_feeds, read_page, read_personal_page
from fechatter.feed.relay import relay
from tests.factories import committed
from tests.fechatter.feed.feeds import a_feed, place
from tests.fechatter.scene import Scene
from tests.statements import statements_of

ROW = """INSERT INTO outbox (workspace_id, audience, chat_id, to_user, type, body)
         VALUES (:w, :audience, :chat, :user, :type, '{"role": "member"}')"""

ME, OTHER, MINE, FOREIGN = 1, 2, 11, 12


def place_one(
    engine: Engine, workspace: int, audience: str, chat: int | None = None, user: int | None = None, type: str = "x"
) -> None:
    with committed(engine) as session:
        row = {"w": workspace, "audience": audience, "chat": chat, "user": user, "type": type}
        session.execute(text(ROW), row)
    relay(engine, workspace, lambda batches: None)


def at(engine: Engine, workspace: int, position: int) -> Place:
    return Place(read_feeds(engine, [workspace])[workspace].epoch, position)


def places(page: Page) -> list[int]:
    return [event.position for event in page.events]


def test_pages_follow_on_each_other(engine: Engine) -> None:
    workspace = a_feed(engine)
    place(engine, workspace, 7)
    read = [read_page(engine, workspace, at(engine, workspace, after), most=3) for after in (0, 3, 6, 7)]
    assert [places(page) for page in read] == [[1, 2, 3], [4, 5, 6], [7], []]
    assert [(page.reaches, page.head) for page in read] == [(3, 7), (6, 7), (7, 7), (7, 7)]


def test_an_empty_feed_has_an_empty_page(engine: Engine) -> None:
    workspace = a_feed(engine)
    assert read_page(engine, workspace, at(engine, workspace, 0)) == Page([], 0, 0)
    assert read_personal_page(engine, workspace, at(engine, workspace, 0), ME, []) == Page([], 0, 0)


def readers(engine: Engine, workspace: int) -> list[Any]:
    return [
        lambda after: read_page(engine, workspace, after),
        lambda after: read_personal_page(engine, workspace, after, ME, [MINE]),
        lambda after: read_personal_page(engine, workspace, after, ME, range(1, 100)),
    ]


def test_what_is_trimmed_foreign_or_of_another_epoch_is_no_page(engine: Engine) -> None:
    workspace = a_feed(engine)
    place(engine, workspace, 5)
    with committed(engine) as session:
        session.execute(text("UPDATE feeds SET tail = 2 WHERE workspace_id = :w"), {"w": workspace})
    epoch = at(engine, workspace, 0).epoch
    for read in readers(engine, workspace):
        assert places(read(Place(epoch, 2))) == [3, 4, 5]
        for bad in (Place(epoch, 1), Place(epoch, 0), Place(epoch, 6), Place(epoch + 1, 3), Place(epoch - 1, 3)):
            with pytest.raises(Trimmed):
                read(bad)
    for read in readers(engine, 2**62):
        with pytest.raises(Trimmed):
            read(Place(epoch, 0))


def test_a_page_read_while_the_feed_is_trimmed_is_whole_or_trimmed(engine: Engine, scene: Scene) -> None:
    workspace = a_feed(engine)
    place(engine, workspace, 200)
    epoch, done = at(engine, workspace, 0).epoch, Flag()
    move = text("UPDATE feeds SET tail = tail + 2 WHERE workspace_id = :w")
    drop = text(
        "DELETE FROM events WHERE workspace_id = :w AND position <= (SELECT tail FROM feeds WHERE workspace_id = :w)"
    )

    def trim() -> None:
        for _ in range(60):
            for statement in (move, drop):
                with committed(engine) as session:
                    session.execute(statement, {"w": workspace})
        done.set()

    trimming, trimmed, whole = scene.pool.submit(trim), 0, 0
    while not done.is_set():
        tail = read_feeds(engine, [workspace])[workspace].tail
        for read in readers(engine, workspace):
            try:
                assert places(read(Place(epoch, tail))) == list(range(tail + 1, 201))
                whole += 1
            except Trimmed:
                trimmed += 1
    trimming.result()
    assert whole
    with pytest.raises(Trimmed):
        read_page(engine, workspace, Place(epoch, 119))
    assert places(read_page(engine, workspace, Place(epoch, 120))) == list(range(121, 201))


def test_tail_and_rows_of_a_page_are_of_one_moment(engine: Engine) -> None:
    """Two statements could see the tail of before the trim and the rows of behind it."""
    workspace = a_feed(engine)
    place(engine, workspace, 2)
    after = at(engine, workspace, 0)
    with statements_of(engine) as statements:
        for read in readers(engine, workspace):
            read(after)
    assert len(statements) == 3


EVENTS = [
    ("chat", MINE, None, "message.created"),
    ("chat", FOREIGN, None, "message.created"),
    ("user", MINE, ME, "read.updated"),
    ("user", MINE, OTHER, "read.updated"),
    ("user", FOREIGN, ME, "chat.created"),
    ("public", FOREIGN, None, "chat.created"),
    ("public", MINE, None, "chat.updated"),
    ("chat", MINE, ME, "member.removed"),
    ("chat", FOREIGN, OTHER, "member.removed"),
    ("chat", MINE, OTHER, "member.removed"),
    ("chat", FOREIGN, ME, "member.removed"),
    ("workspace", None, None, "workspace.updated"),
    ("workspace", None, ME, "workspace.member_added"),
    ("workspace", None, OTHER, "workspace.member_removed"),
    ("chat", FOREIGN, None, "chat.deleted"),
    ("chat", MINE, None, "chat.deleted"),
    ("public", FOREIGN, None, "chat.deleted"),
    ("workspace", None, None, "workspace.deleted"),
]


def test_a_personal_page_has_all_that_may_concern_its_person_once(engine: Engine) -> None:
    workspace = a_feed(engine)
    for audience, chat, user, type in EVENTS:
        place_one(engine, workspace, audience, chat, user, type)
    page = read_personal_page(engine, workspace, at(engine, workspace, 0), ME, [MINE])
    assert places(page) == sorted(set(places(page)))
    hidden = set(range(1, len(EVENTS) + 1)) - set(places(page))
    assert [EVENTS[position - 1] for position in sorted(hidden)] == [
        ("chat", FOREIGN, None, "message.created"),
        ("user", MINE, OTHER, "read.updated"),
        ("chat", FOREIGN, OTHER, "member.removed"),
    ]


@pytest.mark.parametrize("most", [1, 3, 500])
@pytest.mark.parametrize("others", [0, 30])
def test_what_a_person_receives_is_the_same_from_personal_pages_as_from_whole_ones(
    engine: Engine, most: int, others: int
) -> None:
    """`others`: many more chats of the person, which say nothing."""
    workspace = a_feed(engine)
    for audience, chat, user, type in EVENTS:
        place_one(engine, workspace, audience, chat, user, type)
    after, chats = at(engine, workspace, 0), {MINE: 1} | {100 + n: 1 for n in range(others)}
    whole = Membership(ME, since=1, chats=chats.copy())
    expected = [e.position for e in read_page(engine, workspace, after).events if whole.receives(e)]
    assert received_by_pages(engine, workspace, Membership(ME, since=1, chats=chats), after, most) == expected
    assert len(expected) > len(EVENTS) / 2


def received_by_pages(engine: Engine, workspace: int, mine: Membership, after: Place, most: int) -> list[int]:
    """As a replay reads: an event that lets its person into another chat ends the page, and the next has that in it."""
    received: list[int] = []
    while after.position < len(EVENTS):
        asked = set(mine.chats)
        page = read_personal_page(engine, workspace, after, ME, asked, most)
        assert page.reaches > after.position
        after = after._replace(position=page.reaches)
        for found in page.events:
            if mine.receives(found):
                received.append(found.position)
            if not asked.issuperset(mine.chats):
                after = after._replace(position=found.position)
                break
    return received
