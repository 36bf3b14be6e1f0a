"""Suspensions, blocks, reports and the log of acts."""

from marshmallow import fields

from app.pagination import Paging
from app.schemas.fields import AnswerSchema, Flag, Id, Instant, OneOf, StrictSchema, Text
from app.schemas.workspaces import WORKSPACE_ROLES

LONGEST_REASON = 1000
LONGEST_ACTION = 100


class NewSuspension(StrictSchema):
    EXAMPLE = {"user_id": 2, "reason": "Spam"}

    user_id = Id(required=True)
    reason = Text(0, LONGEST_REASON, blank=True, load_default="")


class SuspensionSchema(AnswerSchema):
    user_id = Id(required=True)
    name = fields.String(required=True)
    role = OneOf(
        *WORKSPACE_ROLES,
        required=True,
        allow_none=True,
        metadata={"description": "What the person will be again; null of who had left before."},
    )
    reason = fields.String(required=True)
    suspended_by = Id(required=True)
    suspended_at = Instant(required=True)


class NewBlock(StrictSchema):
    EXAMPLE = {"user_id": 2}

    user_id = Id(required=True)


class BlockSchema(AnswerSchema):
    user_id = Id(required=True, metadata={"description": "Who is blocked."})
    created_at = Instant(required=True)


class NewReport(StrictSchema):
    EXAMPLE = {"reason": "Spam"}

    reason = Text(1, LONGEST_REASON, required=True)


class ReportChange(StrictSchema):
    EXAMPLE = {"resolved": True}

    resolved = Flag(required=True)


class ReportQuery(Paging):
    resolved = OneOf("true", "false")


class ReportSchema(AnswerSchema):
    id = Id(required=True)
    workspace_id = Id(required=True)
    chat_id = Id(required=True)
    message_id = Id(required=True)
    author_id = Id(required=True)
    content = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "The message's text as it was then; null once it is deleted, and for a token that may not"
            " `read`."
        },
    )
    reporter_id = Id(required=True)
    reason = fields.String(required=True)
    created_at = Instant(required=True)
    resolved_at = Instant(required=True, allow_none=True)
    resolved_by = Id(required=True, allow_none=True)


class AuditQuery(Paging):
    action = Text(1, LONGEST_ACTION)
    actor_id = Id(query=True)


class AuditEntrySchema(AnswerSchema):
    id = Id(required=True)
    at = Instant(required=True)
    workspace_id = Id(required=True, allow_none=True)
    action = fields.String(required=True, metadata={"description": "As `member.removed`; others will be added."})
    actor_id = Id(required=True, allow_none=True, metadata={"description": "null: the operator, or nobody known."})
    target_type = fields.String(required=True, allow_none=True)
    target_id = Id(required=True, allow_none=True)
    address = fields.String(
        required=True, metadata={"description": "Where the call came from, of IPv6 the /64; empty: a command."}
    )
    request_id = fields.String(required=True)
    details = fields.Dict(required=True)
