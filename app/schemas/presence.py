"""Who is there."""

from marshmallow import fields

from app.schemas.fields import AnswerSchema, Id, ListOf, StrictSchema

MOST_AT_ONCE = 100


class PresenceQuery(StrictSchema):
    user_id = ListOf(
        Id(query=True),
        1,
        MOST_AT_ONCE,
        required=True,
        metadata={"description": "Of whom is asked; the parameter once for each.", "example": [2, 3]},
    )


class PresenceSchema(AnswerSchema):
    online = fields.List(
        Id(),
        required=True,
        metadata={"description": "Those of them who have a live stream, and whom one may know.", "example": [2]},
    )
