"""An event at its place in a feed, as the relay returns it, Redis carries it and the hub sends it."""

from collections.abc import Sequence
from typing import NamedTuple

import orjson

CHANNEL = "feed:%d"
PASSING = "passing:%d"


class Placed(NamedTuple):
    """`body` is the JSON that clients see, on one line."""

    position: int
    outbox_id: int
    audience: str
    chat_id: int | None
    to_user: int | None
    message_id: int | None
    type: str
    body: str


class Batch(NamedTuple):
    """Consecutive events of one workspace."""

    workspace_id: int
    epoch: int
    events: Sequence[Placed]


def write_batch(batch: Batch) -> bytes:
    return orjson.dumps([batch.workspace_id, batch.epoch, [list(event) for event in batch.events]])


def read_batch(data: bytes) -> Batch:
    workspace_id, epoch, rows = orjson.loads(data)
    return Batch(workspace_id, epoch, [Placed(*row) for row in rows])
