"""The list of one's own chats."""

from marshmallow import fields

from app.schemas.chats import ChatSchema
from app.schemas.fields import AnswerSchema, Id, StrictSchema


class ChatListQuery(StrictSchema):
    workspace_id = Id(query=True)


class ChatListHeaders(StrictSchema):
    cache_control = fields.String(
        data_key="Cache-Control", metadata={"description": "`no-cache` reads the list afresh."}
    )


class ChatListSchema(AnswerSchema):
    items = fields.List(fields.Nested(ChatSchema), required=True)
    cursor = fields.String(required=True, metadata={"description": "For `?cursor=` of the event stream."})
