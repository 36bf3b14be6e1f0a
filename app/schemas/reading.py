"""How far one has read."""

from app.schemas.fields import LARGEST_ID, AnswerSchema, StrictSchema, Whole


class ReadUpTo(StrictSchema):
    EXAMPLE = {"seq": 1}

    seq = Whole(0, LARGEST_ID, required=True)


class ReadSchema(AnswerSchema):
    last_read_seq = Whole(0, LARGEST_ID, required=True)
    unread_count = Whole(0, LARGEST_ID, required=True)
