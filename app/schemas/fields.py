"""Strict field types: nothing is converted on the way in, and no string passes that PostgreSQL cannot store."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from fechatter.emails import normal_email
from fechatter.text import is_blank, is_storable

LARGEST_ID = 2**63 - 1


class StrictSchema(Schema):
    """The parent of all schemas of bodies, queries and answers."""

    class Meta:
        unknown = RAISE


class Text(fields.String):
    """`Text(1, 100)`: a string of 1 to 100 code points, not only white space unless `blank=True`, kept as sent."""

    def __init__(self, least: int = 0, most: int = 10_000, blank: bool = False, **options: Any) -> None:
        self.blank = blank
        super().__init__(validate=validate.Length(least, most), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        text = super()._deserialize(value, attr, data, **options)
        if not is_storable(text):
            raise ValidationError("Must not contain NUL or lone surrogates.")
        if not self.blank and text and is_blank(text):
            raise ValidationError("Must not be blank.")
        return text


class Email(Text):
    """An e-mail address, normalised; whether anyone reads it is not asked."""

    def __init__(self, **options: Any) -> None:
        super().__init__(3, 254, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        email = normal_email(super()._deserialize(value, attr, data, **options))
        if email is None:
            raise ValidationError("Not an e-mail address.")
        return email


class WebAddress(Text):
    """An http or https URL of at most 2,000 characters."""

    def __init__(self, **options: Any) -> None:
        super().__init__(8, 2000, metadata={"format": "uri"}, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        text = super()._deserialize(value, attr, data, **options)
        try:
            parts = urlsplit(text)
            fits = parts.scheme in ("http", "https") and parts.hostname and text.isprintable() and " " not in text
        except ValueError:
            fits = False
        if not fits:
            raise ValidationError("Not an http or https URL.")
        return text


class OneOf(fields.String):
    """`OneOf("owner", "admin")`: one of these words."""

    def __init__(self, *words: str, **options: Any) -> None:
        super().__init__(validate=validate.OneOf(words), **options)


class Whole(fields.Integer):
    """`Whole(1, 100)`: an integer in that range; in a query (`query=True`) written as decimal digits."""

    def __init__(self, least: int, most: int, query: bool = False, **options: Any) -> None:
        self.query = query
        super().__init__(strict=True, validate=validate.Range(least, most), **options)

    def _validated(self, value: Any) -> int:
        if self.query and isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.make_error("invalid", input=value)
        return value


class Id(Whole):
    """The id of anything; `Id(query=True)` in a query."""

    def __init__(self, query: bool = False, **options: Any) -> None:
        super().__init__(1, LARGEST_ID, query, **options)


class Flag(fields.Boolean):
    """true or false, nothing that merely looks like it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Instant(fields.DateTime):
    """A time in answers: RFC 3339 in UTC with `Z`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format="iso", **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> datetime:
        if not (isinstance(value, str) and value.endswith("Z")):
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        return super()._deserialize(value, attr, data, **options)


def listed(schema: type[Schema]) -> type[Schema]:
    """The schema of a page of these: `answers(200, listed(MemberSchema))`."""
    name = schema.__name__.removesuffix("Schema") + "PageSchema"
    page: Callable[..., type[Schema]] = StrictSchema.from_dict
    items = fields.List(fields.Nested(schema), required=True)
    return page({"items": items, "next_cursor": fields.String(required=True, allow_none=True)}, name=name)
