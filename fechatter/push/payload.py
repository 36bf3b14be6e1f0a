"""What a push carries: enough for one notification, and small enough for every push service."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

import orjson

LARGEST = 3000
"""Bytes; push services take 4,096 of what is encrypted."""

MOST_TEXT = 300
"""Characters, more than any system shows."""


def payload(facts: dict[str, Any], text: str) -> bytes:
    """JSON, with as much of the text as fits."""
    kept = text[:MOST_TEXT]
    while True:
        shown = kept if kept == text else kept.rstrip() + "…"
        data = orjson.dumps(facts | {"text": shown})
        if len(data) <= LARGEST or not kept:
            return data
        kept = kept[: len(kept) * 3 // 4]


def topic(auth: bytes, chat_id: int) -> str:
    """What replaces an older push of the same chat that waits at the push service, which cannot tell from it which chat
    that is, nor that two of its people are in the same one."""
    return urlsafe_b64encode(sha256(b"%b chat %d" % (auth, chat_id)).digest()[:24]).decode()
