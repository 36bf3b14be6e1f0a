"""Chats, and what makes and changes them."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from app.schemas.fields import LARGEST_ID, AnswerSchema, Flag, Id, Instant, ListOf, OneOf, StrictSchema, Whole
from app.schemas.messages import MessageSchema
from app.schemas.names import Line, Name

CHAT_TYPES = ("single", "group", "private_channel", "public_channel")
CHAT_ROLES = ("owner", "admin", "member")
LONGEST_NAME, LONGEST_TOPIC, MOST_IDS = 80, 500, 1000
LONGEST_PAUSE = 6 * 60 * 60

READ_ONLY = "Of a channel: only its owners and admins post."
SLOW_MODE = "Of a channel: the seconds from one message of a member to its next one; 0 is none."


class NewChat(StrictSchema):
    EXAMPLE = {"workspace_id": 1, "type": "public_channel", "name": "general"}

    workspace_id = Id(required=True)
    type = OneOf(*CHAT_TYPES, required=True)
    name = Name(LONGEST_NAME, allow_none=True, load_default=None)
    topic = Line(0, LONGEST_TOPIC, blank=True, load_default="")
    member_ids = ListOf(
        Id(),
        0,
        MOST_IDS,
        load_default=list,
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
    EXAMPLE = {"topic": "Everything else"}

    name = Name(LONGEST_NAME, allow_none=True)
    topic = Line(0, LONGEST_TOPIC, blank=True)
    read_only = Flag(metadata={"description": READ_ONLY})
    slow_mode = Whole(0, LONGEST_PAUSE, metadata={"description": SLOW_MODE})


class SharedChatSchema(AnswerSchema):
    """A chat as it is for everyone: what events carry."""

    id = Id(required=True)
    workspace_id = Id(required=True)
    type = OneOf(*CHAT_TYPES, required=True)
    name = fields.String(required=True, allow_none=True)
    topic = fields.String(required=True)
    read_only = fields.Boolean(required=True, metadata={"description": READ_ONLY})
    slow_mode = Whole(0, LONGEST_PAUSE, required=True, metadata={"description": SLOW_MODE})
    member_count = Whole(0, LARGEST_ID, required=True)
    member_ids = fields.List(
        Id(), required=True, allow_none=True, metadata={"description": "Of a single or a group; null of a channel."}
    )
    last_seq = Whole(0, LARGEST_ID, required=True)
    created_at = Instant(required=True)


class ChatSchema(SharedChatSchema):
    """A chat with what is the caller's own."""

    role = OneOf(
        *CHAT_ROLES, required=True, allow_none=True, metadata={"description": "The caller's own; null if not in it."}
    )
    last_read_seq = Whole(0, LARGEST_ID, required=True)
    unread_count = Whole(0, LARGEST_ID, required=True)
    last_message = fields.Nested(
        MessageSchema,
        required=True,
        allow_none=True,
        metadata={"description": "For members only, and for no token that may not `read`."},
    )


class ChannelSchema(ChatSchema):
    """A public channel, whether the caller is in it or not."""

    is_member = fields.Boolean(required=True)
