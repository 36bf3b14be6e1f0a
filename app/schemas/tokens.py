"""Personal access tokens."""

from marshmallow import fields

from app.schemas.accounts import AccountSchema
from app.schemas.fields import AnswerSchema, Id, Instant, ListOf, OneOf, Whole
from app.schemas.names import Line
from fechatter.tokens import SCOPES

DAY = 86_400


class NewToken(AccountSchema):
    EXAMPLE = {"name": "Build bot", "scopes": ["read", "write"]}

    name = Line(1, 100, required=True)
    scopes = ListOf(OneOf(*SCOPES), 1, len(SCOPES), required=True)
    expires_in = Whole(
        DAY, 365 * DAY, load_default=90 * DAY, metadata={"description": "Seconds, a day to a year; else 90 days."}
    )


class PersonalTokenSchema(AnswerSchema):
    id = Id(required=True)
    name = fields.String(required=True)
    scopes = fields.List(OneOf(*SCOPES), required=True)
    created_at = Instant(required=True)
    last_used_at = Instant(required=True, allow_none=True, metadata={"description": "To the hour; null: never."})
    expires_at = Instant(required=True)


class CreatedTokenSchema(PersonalTokenSchema):
    """With the token itself, which is shown this once."""

    token = fields.String(required=True)
