"""Chats, and what makes and changes them."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from app.schemas.fields import LARGEST_ID, Id, Instant, OneOf, StrictSchema, Text, Whole
from app.schemas.messages import MessageSchema
from app.schemas.names import Name

CHAT_TYPES = ("single", "group", "private_channel", "public_channel")
CHAT_ROLES = ("owner", "admin", "member")
LONGEST_NAME, LONGEST_TOPIC, MOST_IDS = 80, 500, 1000


class NewChat(StrictSchema):
    workspace_id = Id(required=True)
    type = OneOf(*CHAT_TYPES, required=True)
    name = Name(LONGEST_NAME, allow_none=True, load_default=None)
    topic = Text(0, LONGEST_TOPIC, blank=True, load_default="")
    member_ids = fields.List(
        Id(),
        load_default=list,
        validate=validate.Length(max=MOST_IDS),
        metadata={"description": "The others; a single has exactly one, a group at least one."},
    )

    @validates_schema
    def name_fits_type(self, chat: dict[str, Any], **_: Any) -> None:
        """Channels are found by their name; a single is named by its two."""
        if chat["type"].endswith("_channel") and chat["name"] is None:
            raise ValidationError({"name": ["A channel needs a name."]})
        if chat["type"] == "single" and (chat["name"] is not None or chat["topic"]):
            raise ValidationError({"name" if chat["name"] is not None else "topic": ["A single has none."]})


class ChatChanges(StrictSchema):
    name = Name(LONGEST_NAME, allow_none=True)
    topic = Text(0, LONGEST_TOPIC, blank=True)


class ChatSchema(StrictSchema):
    """A chat with what is the caller's own."""

    id = Id(required=True)
    workspace_id = Id(required=True)
    type = OneOf(*CHAT_TYPES, required=True)
    name = fields.String(required=True, allow_none=True)
    topic = fields.String(required=True)
    member_count = Whole(0, LARGEST_ID, required=True)
    member_ids = fields.List(
        Id(), required=True, allow_none=True, metadata={"description": "Of a single or a group; null of a channel."}
    )
    role = OneOf(
        *CHAT_ROLES, required=True, allow_none=True, metadata={"description": "The caller's own; null if not in it."}
    )
    last_seq = Whole(0, LARGEST_ID, required=True)
    last_read_seq = Whole(0, LARGEST_ID, required=True)
    unread_count = Whole(0, LARGEST_ID, required=True)
    last_message = fields.Nested(
        MessageSchema, required=True, allow_none=True, metadata={"description": "For members only."}
    )
    created_at = Instant(required=True)


class ChannelSchema(ChatSchema):
    """A public channel, whether the caller is in it or not."""

    is_member = fields.Boolean(required=True)
