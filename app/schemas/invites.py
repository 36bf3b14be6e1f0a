"""Invitations to a workspace."""

from marshmallow import fields

from app.schemas.fields import AnswerSchema, Email, Id, Instant, OneOf, StrictSchema, Whole
from app.schemas.workspaces import WORKSPACE_ROLES

DAY = 86_400
MOST_USES = 1000


class NewInvite(StrictSchema):
    EXAMPLE = {"role": "member", "max_uses": 10}

    email = Email(
        allow_none=True, metadata={"description": "Only the account with this address may accept.", "format": "email"}
    )
    role = OneOf(*WORKSPACE_ROLES, load_default="member")
    max_uses = Whole(
        1,
        MOST_USES,
        allow_none=True,
        metadata={
            "description": "How many people it lets in; null: any number. If left out, 1 with `email`, else any."
        },
    )
    expires_in = Whole(1, 30 * DAY, load_default=7 * DAY, metadata={"description": "Seconds."})


class InviteSchema(AnswerSchema):
    id = Id(required=True)
    workspace_id = Id(required=True)
    role = OneOf(*WORKSPACE_ROLES, required=True)
    email = fields.String(required=True, allow_none=True)
    max_uses = Whole(1, MOST_USES, required=True, allow_none=True)
    uses = Whole(0, MOST_USES, required=True)
    created_by = Id(required=True)
    created_at = Instant(required=True)
    expires_at = Instant(required=True)


class OpenedInviteSchema(AnswerSchema):
    workspace_name = fields.String(required=True)
    inviter_name = fields.String(required=True)
    role = OneOf(*WORKSPACE_ROLES, required=True)
    expires_at = Instant(required=True)


class CreatedInviteSchema(InviteSchema):
    """With what opens it, which is shown this once."""

    token = fields.String(required=True)
    url = fields.String(required=True)
