"""Server-Sent Events from bytes as they come, cut anywhere."""

from typing import NamedTuple

import orjson


class Event(NamedTuple):
    """What stands before an empty line. A bare `id:` has no data."""

    type: str
    data: bytes | None
    id: str | None


class Facts(NamedTuple):
    """What the history keeps of an event."""

    chat_id: int | None = None
    subject: int | str | None = None
    seq: int | None = None
    content: str | None = None


class Parser:
    """Gives whole events only: what comes before a cut, without its empty line, has not been seen."""

    def __init__(self) -> None:
        self.rest = b""

    def feed(self, data: bytes) -> list[Event]:
        *whole, self.rest = (self.rest + data).split(b"\n\n")
        return [event for block in whole if (event := _event(block))]


def _event(block: bytes) -> Event | None:
    """None for comments and other things that are no news."""
    type_, data, id_ = "message", None, None
    for line in block.split(b"\n"):
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            data = value if data is None else data + b"\n" + value
        elif name == b"event":
            type_ = value.decode(errors="replace")
        elif name == b"id":
            id_ = value.decode(errors="replace")
    return None if data is None and id_ is None else Event(type_, data, id_)


def facts_of(event: Event) -> Facts:
    """By the type of the event; the subject "unreadable", with the beginning of the data, if it is not as described."""
    try:
        return _facts(event.type, orjson.loads(event.data or b""))
    except (ValueError, KeyError, TypeError, AttributeError):
        return Facts(subject="unreadable", content=(event.data or b"")[:500].decode(errors="replace"))


def _facts(type_: str, data: dict) -> Facts:  # type: ignore[type-arg]
    if type_.startswith("message."):
        message = data["message"]
        return Facts(data["chat_id"], message["id"], message["seq"], message["content"])
    if type_ == "bye":
        return Facts(subject=data["reason"])
    subject = data["user_id"] if "member" in type_ else None
    seq = data["chat"]["last_seq"] if "chat" in data else None
    return Facts(data.get("chat_id"), subject, seq)
