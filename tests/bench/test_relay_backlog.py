"""A relay that loses an event, leaves one or turns two round is noticed by what measures it."""

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text

from bench.relay_backlog import check_feeds
from fechatter.db import normal_url
from fechatter.feed.relay import relay
from launcher.errors import LaunchError
from tests.conftest import migrate
from tests.databases import a_database
from tests.fechatter.feed.feeds import a_feed, put

TURN = """UPDATE events SET outbox_id = other.outbox_id
            FROM events other WHERE events.position IN (2, 3) AND other.position = 5 - events.position"""


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("DELETE FROM events WHERE position = 5", "0 events left in the outbox, 1 missing in the feeds, 0 in"),
        ("DELETE FROM events WHERE position = 2", "1 missing in the feeds, 1 in the wrong place"),
        (TURN, "0 missing in the feeds, 1 in the wrong place"),
        ("INSERT INTO outbox (workspace_id, audience, type, body) VALUES (1, 'chat', 'x', '{}')", "1 events left"),
    ],
)
def test_what_the_relay_did_is_looked_at(database_url: str, wrong: str, told: str) -> None:
    with a_database(database_url) as url:
        migrate(url)
        engine: Engine = create_engine(normal_url(url))
        system: Any = SimpleNamespace(engine=engine)
        feed = a_feed(engine)
        put(engine, feed, 5)
        relay(engine, feed, lambda _: None)
        check_feeds(system)
        with engine.begin() as connection:
            connection.execute(text(wrong))
        with pytest.raises(LaunchError, match=told):
            check_feeds(system)
        engine.dispose()
