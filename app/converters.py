"""Ids in paths: `<id:chat_id>`; what cannot be one is answered like what is not there."""

from werkzeug.routing import BaseConverter

from app.schemas.fields import LARGEST_ID

NOBODYS = 0
"""An id that nothing has. To refuse a word here would be an unknown path, or another method of this one: 405."""


class IdConverter(BaseConverter):
    """A number from 1 to 2^63 - 1 in plain digits; whatever else stands there is nobody's."""

    regex = r"[^/]+"

    def to_python(self, value: str) -> int:
        number = int(value) if len(value) < 20 and value.isascii() and value.isdigit() else NOBODYS
        return number if number <= LARGEST_ID and value == str(number) else NOBODYS


def describe_id(converter: BaseConverter) -> dict[str, object]:
    """Its schema in the API's description."""
    return {"type": "integer", "format": "int64", "minimum": 1, "maximum": LARGEST_ID}
