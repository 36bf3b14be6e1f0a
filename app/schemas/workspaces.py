"""Workspaces, and what makes and renames them."""

from marshmallow import fields

from app.schemas.fields import LARGEST_ID, AnswerSchema, Id, Instant, OneOf, StrictSchema, Whole
from app.schemas.names import Name

WORKSPACE_ROLES = ("owner", "admin", "member", "guest")
LONGEST_NAME = 100


class NewWorkspace(StrictSchema):
    EXAMPLE = {"name": "Acme"}

    name = Name(LONGEST_NAME, required=True)


class WorkspaceChanges(StrictSchema):
    EXAMPLE = {"name": "Acme Tea"}

    name = Name(LONGEST_NAME)


class SharedWorkspaceSchema(AnswerSchema):
    """A workspace as it is for everyone: what events carry."""

    id = Id(required=True)
    name = fields.String(required=True)
    slug = fields.String(required=True, metadata={"description": "The name in plain ASCII, unique; it never changes."})
    member_count = Whole(0, LARGEST_ID, required=True)
    created_at = Instant(required=True)


class WorkspaceSchema(SharedWorkspaceSchema):
    role = OneOf(*WORKSPACE_ROLES, required=True, metadata={"description": "The caller's own."})
