"""A post has been answered well if its answer is the message that was posted."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from bench.http_load import Loaded
from launcher.errors import LaunchError

PATH = re.compile(rb"POST /api/chats/(\d+)/messages ")
SHOWN = 500


def messages(requests: Sequence[bytes], got: Loaded) -> list[Mapping[str, Any]]:
    """The answers to posts that were sent once at most, and whose bodies were kept.

    Raises LaunchError unless each has all that its request says, the chat in its path too, and an id of its own.
    """
    found = list[Mapping[str, Any]]()
    for request, answer in each(requests, got):
        posted, message = _posted(request), parsed(answer)
        if not isinstance(message.get("id"), int) or not posted.items() <= message.items():
            raise LaunchError(f"{posted} was answered with {answer[:SHOWN]!r}, which is not that message")
        found.append(message)
    check_ids([message["id"] for message in found])
    return found


def each(requests: Sequence[bytes], got: Loaded) -> Iterator[tuple[bytes, bytes]]:
    """Requests with the bodies of their answers."""
    if len(got.bodies) != got.count:
        raise LaunchError(f"of {got.count} answers {len(got.bodies)} were kept")
    return ((requests[number], body) for number, body in got.bodies.items())


def parsed(answer: bytes) -> Mapping[str, Any]:
    """Empty if it is no object of JSON."""
    try:
        found = orjson.loads(answer)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def check_ids(ids: Sequence[object]) -> None:
    if len(set(ids)) != len(ids):
        raise LaunchError(f"{len(ids)} messages were posted, but the answers have {len(set(ids))} ids")


def _posted(request: bytes) -> dict[str, Any]:
    path = PATH.match(request)
    assert path
    return {"chat_id": int(path[1]), **orjson.loads(request.partition(b"\r\n\r\n")[2])}
