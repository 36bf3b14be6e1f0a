"""How far one has read."""

from app.schemas.fields import LARGEST_ID, StrictSchema, Whole


class ReadUpTo(StrictSchema):
    seq = Whole(0, LARGEST_ID, required=True)


class ReadSchema(StrictSchema):
    last_read_seq = Whole(0, LARGEST_ID, required=True)
    unread_count = Whole(0, LARGEST_ID, required=True)
