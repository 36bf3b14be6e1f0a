"""A world made by COPY is like one that the product made: all rules hold, and the product goes on in it."""

from collections.abc import Iterator

import orjson
import pytest
from sqlalchemy import text

from bench.big_checks import check
from bench.big_rows import fill
from bench.big_world import BigWorld, Size
from fechatter.db import make_engine
from fechatter.queries.chat_list import chat_list
from fechatter.queries.messages import Bounds, history
from launcher.errors import LaunchError
from tests.conftest import migrate
from tests.databases import a_database
from tests.world import Person, World

SMALL = Size(messages=500, workspaces=2, rooms=6, people=8, each=3, crowds=(30, 5, 40))


@pytest.fixture
def url(database_url: str) -> Iterator[str]:
    with a_database(database_url) as url:
        migrate(url)
        yield url


@pytest.mark.parametrize("size", [SMALL, Size(0, 3, 1, 1, 1, (0, 9, 99)), Size(200, 1, 10, 4, 10)])
def test_all_rules_hold(url: str, size: Size) -> None:
    world = BigWorld(size)
    fill(world, url)
    check(world, url)


@pytest.mark.parametrize(
    "harm",
    [
        "DELETE FROM messages WHERE chat_id = 2 AND seq = 3",
        "UPDATE messages SET created_at = now() WHERE chat_id = 2 AND seq = 3",
        "UPDATE chats SET last_seq = last_seq + 1 WHERE id = 2",
        "UPDATE chat_members SET last_read_seq = 0 WHERE chat_id = 1 AND role = 'owner'",
        "DELETE FROM chat_members WHERE chat_id = 2 AND role = 'member'",
        "UPDATE workspaces SET member_count = 1",
        "UPDATE chat_members SET role = 'member' WHERE chat_id = 3",
        "DELETE FROM feeds WHERE workspace_id = 2",
        "SELECT setval('outbox_id_seq', 1)",
        "SELECT setval('messages_id_seq', 1)",
    ],
)
def test_a_broken_rule_is_found(url: str, harm: str) -> None:
    world = BigWorld(SMALL)
    fill(world, url)
    engine = make_engine(url, pool=1, name="test")
    with engine.begin() as connection:
        connection.execute(text(harm))
    engine.dispose()
    with pytest.raises(LaunchError):
        check(world, url)


def test_the_product_goes_on_in_it(url: str) -> None:
    world = BigWorld(SMALL)
    fill(world, url)
    engine = make_engine(url, pool=1, name="test")
    made, reader = World(engine), world.members(1)[-1]
    posted = made.post(Person(1, 1, ""), 1, "Hello")
    assert posted.outcome == "created"
    assert posted.shape["seq"] == world.last_seq(1) + 1
    page = orjson.loads(orjson.dumps(history(engine, reader, reader, 1, Bounds(), 10)))
    assert [message["seq"] for message in page["items"]][-2:] == [world.last_seq(1), world.last_seq(1) + 1]
    answer = chat_list(engine, reader, reader)
    assert answer
    listed = orjson.loads(answer.body)["items"]
    assert [(chat["id"], chat["unread_count"]) for chat in listed] == [
        (chat, world.last_seq(chat) - world.last_read_seq(chat, reader) + (chat == 1)) for chat in (1, 3)
    ]
    assert made.relay(1) == 1
    engine.dispose()
