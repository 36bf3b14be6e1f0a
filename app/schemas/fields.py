"""Strict field types: nothing is converted on the way in, and no string passes that PostgreSQL cannot store."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlsplit

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, missing, validate

from fechatter.emails import LONGEST as LONGEST_EMAIL
from fechatter.emails import normal_email
from fechatter.text import is_blank, is_storable
from frame.requests import LARGEST_BODY

LARGEST_ID = 2**63 - 1


class StrictSchema(Schema):
    """The parent of all schemas of bodies and queries: what they do not name is refused."""

    EXAMPLE: ClassVar[Mapping[str, Any]] = {}
    """Of a body, for who tries the call: it names nothing but what one has to think about."""

    LARGEST_BODY: ClassVar[int] = LARGEST_BODY
    """Bytes; what is longer is refused unread."""

    class Meta:
        unknown = RAISE

    def load(self, data: Any, **options: Any) -> Any:
        """As marshmallow, whose bookkeeping takes as long as its checks: what is good, of a schema that needs no more
        than its fields, passes by it. All else goes its way, and is told what is wrong. Raises ValidationError."""
        found = None if options else self._plainly(data)
        return super().load(data, **options) if found is None else found

    def _plainly(self, data: Any) -> dict[str, Any] | None:
        known, found = self.load_fields, dict[str, Any]()
        if not self._is_plain or not isinstance(data, dict) or not data.keys() <= known.keys():
            return None
        try:
            for name, field in known.items():
                if (value := field.deserialize(data.get(name, missing), name, data)) is not missing:
                    found[name] = value
        except ValidationError:
            return None
        return found

    @cached_property
    def _is_plain(self) -> bool:
        return not any(self._hooks.values()) and all(
            field.data_key is None and field.attribute is None for field in self.load_fields.values()
        )


class AnswerSchema(Schema):
    """The parent of all schemas of answers and events: fields will be added, so what is published allows for more."""

    class Meta:
        unknown = EXCLUDE


class Text(fields.String):
    """`Text(1, 100)`: a string of 1 to 100 code points, not only white space unless `blank=True`, kept as sent."""

    def __init__(self, least: int = 0, most: int = 10_000, blank: bool = False, **options: Any) -> None:
        self.blank, self.most = blank, most
        super().__init__(validate=validate.Length(least, most), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        # Before anything else reads it: what checks or normalises text may take long for a long one.
        if isinstance(value, str) and len(value) > self.most:
            raise ValidationError(f"Longer than {self.most} characters.")
        text = super()._deserialize(value, attr, data, **options)
        if not is_storable(text):
            raise ValidationError("Must not contain NUL or lone surrogates.")
        if not self.blank and text and is_blank(text):
            raise ValidationError("Must not be blank.")
        return text


class Email(Text):
    """An e-mail address, normalised; whether anyone reads it is not asked."""

    def __init__(self, **options: Any) -> None:
        super().__init__(3, LONGEST_EMAIL, **options)

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


class ListOf(fields.List):
    """`ListOf(Id(), 0, 1000)`: 0 to 1,000 of these; a longer one is refused before any of them is looked at."""

    def __init__(self, each: fields.Field[Any], least: int, most: int, **options: Any) -> None:
        self.most = most
        super().__init__(each, validate=validate.Length(least, most), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> list[Any]:
        if isinstance(value, list) and len(value) > self.most:
            raise ValidationError(f"More than {self.most}.")
        return super()._deserialize(value, attr, data, **options)


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
    page: Callable[..., type[Schema]] = AnswerSchema.from_dict
    items = fields.List(fields.Nested(schema), required=True)
    return page({"items": items, "next_cursor": fields.String(required=True, allow_none=True)}, name=name)
