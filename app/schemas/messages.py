"""Messages, what makes and changes them, and pages of them."""

from marshmallow import ValidationError, fields, validates_schema

from app.schemas.fields import LARGEST_ID, AnswerSchema, Id, Instant, StrictSchema, Text, Whole

CONTENT = {"description": "Up to 10,000 characters, not only white space; kept exactly as sent."}


class ContentSchema(StrictSchema):
    """The parent of what carries a message: JSON may write each of its characters with twelve."""

    LARGEST_BODY = 128 * 1024


class NewMessage(ContentSchema):
    EXAMPLE = {"content": "Hello"}

    content = Text(1, 10_000, required=True, metadata=CONTENT)
    client_id = Text(
        1, 64, blank=True, allow_none=True, metadata={"description": "Your own name for it: a repeat makes no second."}
    )
    reply_to = Id(allow_none=True, metadata={"description": "The id of a message in the same chat."})


class MessageChanges(ContentSchema):
    EXAMPLE = {"content": "Hello, Bob"}

    content = Text(1, 10_000, required=True, metadata=CONTENT)


class MessageSchema(AnswerSchema):
    id = Id(required=True)
    chat_id = Id(required=True)
    seq = Whole(1, LARGEST_ID, required=True)
    sender_id = Id(required=True)
    content = fields.String(required=True, allow_none=True)
    client_id = fields.String(required=True, allow_none=True)
    reply_to = Id(required=True, allow_none=True)
    created_at = Instant(required=True)
    edited_at = Instant(required=True, allow_none=True)
    deleted_at = Instant(required=True, allow_none=True)


class HistoryQuery(StrictSchema):
    """At most one of `before`, `after` and `around`."""

    before = Whole(0, LARGEST_ID, query=True)
    after = Whole(0, LARGEST_ID, query=True)
    around = Whole(0, LARGEST_ID, query=True)
    limit = Whole(1, 100, query=True, load_default=50)

    @validates_schema
    def one_bound(self, query: dict[str, int], **_: object) -> None:
        given = [name for name in ("before", "after", "around") if name in query]
        if len(given) > 1:
            raise ValidationError({name: ["Only one of before, after, around."] for name in given[1:]})


class HistorySchema(AnswerSchema):
    """Messages in ascending order of `seq`."""

    items = fields.List(fields.Nested(MessageSchema), required=True)
    has_more_before = fields.Boolean(required=True)
    has_more_after = fields.Boolean(required=True)
