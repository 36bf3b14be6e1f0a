"""People in chats with browsers that want to be told, and what the worker's task does for them."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import Engine, text

from fechatter.access import Caller
from fechatter.actions.push import Browser as Subscriber
from fechatter.actions.push import subscribe
from fechatter.push.connection import CheckedSession
from fechatter.push.delivery import delivery
from fechatter.push.fan_out import fan_out
from fechatter.push.keys import private_key
from fechatter.push.sending import Outcome, Sending
from fechatter.push.settings import PushSettings
from fechatter.retention import Budget
from tests.push_service import Browser, PushService, a_push_service
from tests.world import Person, World

CONTACT = "mailto:chat@example.org"


@dataclass
class Office:
    """Ann and Ben in a group. `seen` says when somebody was last here, and nobody was."""

    world: World
    service: PushService
    ann: Person
    ben: Person
    workspace: int
    chat: int
    seen: dict[int, float] = field(default_factory=dict)

    @property
    def engine(self) -> Engine:
        return self.world.engine

    def subscribe(self, person: Person) -> Browser:
        browser = self.service.browser()
        told = Subscriber(browser.endpoint, self.service.origin, browser.p256dh, browser.auth, None)
        self.world.write(lambda session: subscribe(session, Caller(person.id, person.session_id, 0), told))
        return browser

    def post(self, person: Person, content: str, chat: int = 0) -> int:
        """The message's id, behind the relay."""
        posted = self.world.post(person, chat or self.chat, content)
        assert posted.shape, posted.outcome
        self.world.relay(self.workspace)
        return int(posted.shape["id"])

    def sending(self, session: CheckedSession | None = None) -> Sending:
        with self.engine.begin() as connection:
            key = private_key(connection, PushSettings())
        session = session or CheckedSession([self.service.origin], tls=self.service.tls)
        return Sending(self.engine, delivery(key, CONTACT, session), self.seen.get)

    def push(self, session: CheckedSession | None = None) -> list[Outcome]:
        """As the task does; what came of each row."""
        fan_out(self.engine, self.workspace)
        outcomes: list[Outcome] = []
        self.sending(session).send_due(Budget(20), outcomes.append)
        return outcomes

    def rows(self) -> list[Any]:
        """Those that wait."""
        query = (
            "SELECT * FROM pushes WHERE sent_at IS NULL AND chat_id IN (SELECT id FROM chats WHERE workspace_id = :w)"
        )
        with self.engine.connect() as connection:
            return list(connection.execute(text(query + " ORDER BY id"), {"w": self.workspace}))

    def run(self, statement: str, **values: object) -> Any:
        with self.engine.begin() as connection:
            return connection.execute(text(statement), values)

    def make_due(self) -> None:
        self.run("UPDATE pushes SET due_at = now() WHERE sent_at IS NULL")

    def seconds_left(self) -> float:
        """Until the one that waits is due."""
        [row] = self.rows()
        with self.engine.connect() as connection:
            now = connection.exec_driver_sql("SELECT now()").scalar_one()
        return float((row.due_at - now).total_seconds())

    def forget_pace(self) -> None:
        """As if what was sent had been sent minutes ago."""
        self.run("UPDATE pushes SET sent_at = sent_at - interval '2 minutes'")


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PushService]:
    with a_push_service(tmp_path_factory.mktemp("push")) as service:
        yield service


@pytest.fixture
def office(engine: Engine, service: PushService) -> Iterator[Office]:
    for table in ("pushes", "push_subscriptions", "push_cursors"):
        with engine.begin() as connection:
            connection.execute(text(f"DELETE FROM {table}"))
    world = World(engine)
    ann, ben = world.person("Ann"), world.person("Ben")
    workspace = world.workspace(ann, ben)
    yield Office(world, service, ann, ben, workspace, world.chat(ann, workspace, ben))
    service.answers.clear()
    service.headers.clear()


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)
