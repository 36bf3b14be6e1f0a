"""A team with many chats, each with a history, whom one person joins in the browser; and others who go on writing."""

import os
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

import orjson

from bench.copying import copying
from bench.http_load import Loaded, load, render
from bench.setting import Setting
from bench.system import System
from tests.journeys.people import Guest
from tests.world import Person, World, access_token

WRITERS = 10
RATE = 100
"""Messages a second, half of them in the open chat. One account may post 20."""

OTHERS = 20
"""Chats that get the other half."""

TEXTS = (
    "Good morning",
    "The build is **green** again, see https://ci.example.org/builds/1234 for what was wrong with it.",
    "I think that we should ship it today, but somebody has to look at the migration first. " * 3,
    "```\nbin/test tests/app -q\n```",
    "- one\n- two\n- *three*",
    "ok",
    "👍",
    "Could you review it, please? There is no hurry; I am away until Thursday, and only then can we go on with it.",
)

FILL = """
INSERT INTO messages (chat_id, seq, sender_id, content, client_id, created_at)
SELECT %(chat)s, n, (%(people)s::bigint[])[n / 3 %% %(writers)s + 1], (%(texts)s::text[])[n * 7 %% %(kinds)s + 1],
       md5(n::text), now() - (%(count)s - n) * interval '1 minute'
  FROM generate_series(1, %(count)s) AS n
"""


class Office:
    """`flooded` is the chat that everybody writes to, `long` the one with a long history, `rooms` are the others."""

    def __init__(self, system: System, setting: Setting) -> None:
        # For `access_token`, as web signs it.
        os.environ["JWT_PRIVATE_KEY"] = system.keys["JWT_PRIVATE_KEY"]
        self.system, self.url, self.world = system, system.url("web"), World(system.engine)
        reader = Guest(self.url, system.url("notify")).sign_up("Ann")
        reader.close()
        self.email = reader.email
        self.writers = [self.world.person(f"Person {number}") for number in range(WRITERS)]
        self.owner, *self.others = [*self.writers, Person(reader.id, 0, "")]
        self.workspace = self.world.workspace(self.owner, *self.others)
        self.names = dict[int, str]()
        self.in_memory, self.history = setting.size(5_000, 150), setting.size(100_000, 600)
        self.rooms = [self._chat(f"room {number:03d}", 60) for number in range(setting.size(198, OTHERS))]
        self.flooded = self._chat("everybody", self.in_memory + 100)
        self.long = self._chat("archive", self.history)
        self.world.relay(self.workspace)

    def flood(self, seconds: float) -> "Flood":
        return Flood(self, seconds)

    def request(self, number: int) -> bytes:
        """Writers take turns, each in chat after chat; every other message goes to the open one."""
        writer = self.writers[number % WRITERS]
        chat = self.rooms[number // 2 % OTHERS] if number // WRITERS % 2 else self.flooded
        body = orjson.dumps({"content": f"{number}: {TEXTS[number % len(TEXTS)]}"})
        token = access_token(writer.id, writer.session_id)
        headers = {"Authorization": f"Bearer {token}", "Content_Type": "application/json"}
        return render("POST", f"{self.url}/api/chats/{chat}/messages", body, **headers)

    def _chat(self, name: str, messages: int) -> int:
        chat = self.world.chat(self.owner, self.workspace, *self.others, type="public_channel", name=name)
        self.names[chat] = name
        told = {
            **{"chat": chat, "count": messages, "people": [person.id for person in self.writers]},
            **{"writers": WRITERS, "texts": list(TEXTS), "kinds": len(TEXTS)},
        }
        with copying(self.system.postgres.url) as connection, connection.cursor() as cursor:
            cursor.execute(FILL, told)
            cursor.execute("UPDATE chats SET last_seq = %(count)s, active_at = now() WHERE id = %(chat)s", told)
            cursor.execute("UPDATE chat_members SET last_read_seq = %(count)s WHERE chat_id = %(chat)s", told)
            connection.commit()
        return chat


class Flood:
    """Messages from everybody for so many seconds, while the block goes on. `rate` is what was answered 201."""

    def __init__(self, office: Office, seconds: float) -> None:
        self.url, self.seconds = office.url, seconds
        self.requests = [office.request(number) for number in range(WRITERS * OTHERS * 2)]
        self.pool = ThreadPoolExecutor(1)

    def __enter__(self) -> Self:
        self.loaded: Future[Loaded] = self.pool.submit(load, self.url, self.requests, 8, self.seconds, rate=RATE)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.pool.shutdown()

    @property
    def rate(self) -> float:
        """Waits for the end."""
        return self.loaded.result().rate
