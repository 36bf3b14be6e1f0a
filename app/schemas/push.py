"""Web Push: what browsers say of themselves, and what a person wants to be told of."""

from base64 import urlsafe_b64decode
from binascii import Error as Malformed
from collections.abc import Callable
from typing import Any

from marshmallow import ValidationError, fields

from app.schemas.fields import AnswerSchema, Id, Instant, OneOf, StrictSchema, Text, Whole
from fechatter.push.addresses import LONGEST
from fechatter.push.keys import is_public_key
from fechatter.push.wanted import LEVELS

AUTH = 16
"""Bytes, by RFC 8291."""


class Key(Text):
    """`Key(fits)`: bytes in base64url, padded or not, for which `fits` is true."""

    def __init__(self, fits: Callable[[bytes], bool], **options: Any) -> None:
        self.fits = fits
        super().__init__(1, 100, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        text = super()._deserialize(value, attr, data, **options).rstrip("=")
        try:
            key = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        except (Malformed, ValueError):
            key = b""
        if not self.fits(key):
            raise ValidationError("Not a key of this kind in base64url.")
        return key


class SubscriptionKeys(StrictSchema):
    p256dh = Key(
        is_public_key, required=True, metadata={"description": "A point of P-256, uncompressed, in base64url."}
    )
    auth = Key(lambda key: len(key) == AUTH, required=True, metadata={"description": "16 bytes in base64url."})


class NewSubscription(StrictSchema):
    """As `PushSubscription.toJSON()` gives it in a browser."""

    EXAMPLE = {
        "endpoint": "https://push.example.net/send/c2VjcmV0",
        "keys": {
            "p256dh": "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8",
            "auth": "BTBZMqHH6r4Tts7J_aSIgg",
        },
    }

    endpoint = Text(1, LONGEST, required=True, metadata={"description": "https, of a public push service."})
    keys = fields.Nested(SubscriptionKeys, required=True)
    expirationTime = Whole(
        0, 2**53, allow_none=True, load_default=None, metadata={"description": "Milliseconds since 1970."}
    )


class PushSubscriptionSchema(AnswerSchema):
    id = Id(required=True)
    origin = fields.String(required=True, metadata={"description": "Of the endpoint; the rest of it is not shown."})
    session_id = Id(required=True, metadata={"description": "The session with which it ends."})
    current = fields.Boolean(required=True, metadata={"description": "Whether that is the one that asks."})
    device = fields.String(required=True)
    created_at = Instant(required=True)
    expires_at = Instant(required=True, allow_none=True)


class PushKeySchema(AnswerSchema):
    public_key = fields.String(
        required=True, metadata={"description": "For `applicationServerKey`: an uncompressed point in base64url."}
    )


class LevelChoice(StrictSchema):
    EXAMPLE = {"level": "all"}

    level = OneOf(*LEVELS, required=True)


class ChatLevelSchema(AnswerSchema):
    level = OneOf(
        *LEVELS, required=True, metadata={"description": "`default` is all of singles and groups, none of channels."}
    )


class ChosenLevelSchema(AnswerSchema):
    chat_id = Id(required=True)
    level = OneOf(*LEVELS[1:], required=True)


class NotificationChanges(StrictSchema):
    EXAMPLE = {"paused_until": None}

    paused_until = Instant(
        allow_none=True,
        metadata={"description": "Nothing is pushed until then, ten years ahead at most; null: now on."},
    )


class NotificationSettingsSchema(AnswerSchema):
    paused_until = Instant(required=True, allow_none=True)
    chats = fields.List(
        fields.Nested(ChosenLevelSchema), required=True, metadata={"description": "Those not at `default`, by id."}
    )
