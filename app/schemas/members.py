"""Who is in a workspace or a chat."""

from marshmallow import fields

from app.schemas.chats import CHAT_ROLES, MOST_IDS
from app.schemas.fields import AnswerSchema, Id, Instant, ListOf, OneOf, StrictSchema
from app.schemas.workspaces import WORKSPACE_ROLES


class NewMembers(StrictSchema):
    EXAMPLE = {"user_ids": [2]}

    user_ids = ListOf(Id(), 1, MOST_IDS, required=True)


class ChatRoleChange(StrictSchema):
    EXAMPLE = {"role": "admin"}

    role = OneOf(*CHAT_ROLES, required=True)


class WorkspaceRoleChange(StrictSchema):
    EXAMPLE = {"role": "admin"}

    role = OneOf(*WORKSPACE_ROLES, required=True)


class MemberSchema(AnswerSchema):
    user_id = Id(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    avatar_url = fields.String(required=True, allow_none=True)
    joined_at = Instant(required=True)


class ChatMemberSchema(MemberSchema):
    role = OneOf(*CHAT_ROLES, required=True)


class WorkspaceMemberSchema(MemberSchema):
    role = OneOf(*WORKSPACE_ROLES, required=True)


class AddedMembersSchema(AnswerSchema):
    """Those who were asked for, also who was in already."""

    items = fields.List(fields.Nested(ChatMemberSchema), required=True)
