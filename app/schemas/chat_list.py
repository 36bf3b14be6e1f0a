"""The list of one's own chats."""

from marshmallow import fields

from app.schemas.chats import ChatSchema
from app.schemas.fields import Id, StrictSchema


class ChatListQuery(StrictSchema):
    workspace_id = Id(query=True)


class ChatListSchema(StrictSchema):
    items = fields.List(fields.Nested(ChatSchema), required=True)
    cursor = fields.String(required=True, metadata={"description": "For `?cursor=` of the event stream."})
