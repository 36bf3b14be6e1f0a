"""Who is in a workspace or a chat."""

from marshmallow import fields, validate

from app.schemas.chats import CHAT_ROLES, MOST_IDS
from app.schemas.fields import Id, Instant, OneOf, StrictSchema
from app.schemas.workspaces import WORKSPACE_ROLES


class NewMembers(StrictSchema):
    user_ids = fields.List(Id(), required=True, validate=validate.Length(1, MOST_IDS))


class ChatRoleChange(StrictSchema):
    role = OneOf(*CHAT_ROLES, required=True)


class WorkspaceRoleChange(StrictSchema):
    role = OneOf(*WORKSPACE_ROLES, required=True)


class MemberSchema(StrictSchema):
    user_id = Id(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    avatar_url = fields.String(required=True, allow_none=True)
    joined_at = Instant(required=True)


class ChatMemberSchema(MemberSchema):
    role = OneOf(*CHAT_ROLES, required=True)


class WorkspaceMemberSchema(MemberSchema):
    role = OneOf(*WORKSPACE_ROLES, required=True)


class AddedMembersSchema(StrictSchema):
    """Those who were asked for, also who was in already."""

    items = fields.List(fields.Nested(ChatMemberSchema), required=True)
