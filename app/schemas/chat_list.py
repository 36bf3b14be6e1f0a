"""The list of one's own chats."""

from marshmallow import fields, validate

from app.schemas.fields import LARGEST_ID, Id, Instant, StrictSchema, Whole
from app.schemas.messages import MessageSchema


class ChatListQuery(StrictSchema):
    workspace_id = Id(query=True)


class ListedChatSchema(StrictSchema):
    """A chat with what is the caller's own."""

    id = Id(required=True)
    workspace_id = Id(required=True)
    type = fields.String(
        required=True, validate=validate.OneOf(["single", "group", "private_channel", "public_channel"])
    )
    name = fields.String(required=True, allow_none=True)
    topic = fields.String(required=True)
    member_count = Whole(0, LARGEST_ID, required=True)
    member_ids = fields.List(
        Id(), required=True, allow_none=True, metadata={"description": "Of a single or a group; null of a channel."}
    )
    role = fields.String(required=True, allow_none=True)
    last_seq = Whole(0, LARGEST_ID, required=True)
    last_read_seq = Whole(0, LARGEST_ID, required=True)
    unread_count = Whole(0, LARGEST_ID, required=True)
    last_message = fields.Nested(MessageSchema, required=True, allow_none=True)
    created_at = Instant(required=True)


class ChatListSchema(StrictSchema):
    items = fields.List(fields.Nested(ListedChatSchema), required=True)
    cursor = fields.String(required=True, metadata={"description": "For `?cursor=` of the event stream."})
