"""Ids in paths: `<id:chat_id>`; what cannot be one is answered like what is not there."""

from werkzeug.routing import BaseConverter

from app.schemas.fields import LARGEST_ID

NOBODYS = 0
"""An id that nothing has. To refuse a number here would let werkzeug answer for another method of the path: 405."""


class IdConverter(BaseConverter):
    """A number from 1 to 2^63 - 1 in plain digits."""

    regex = r"[0-9]+"

    def to_python(self, value: str) -> int:
        number = int(value) if len(value) < 20 else NOBODYS
        return number if number <= LARGEST_ID and value == str(number) else NOBODYS


def describe_id(converter: BaseConverter) -> dict[str, object]:
    """Its schema in the API's description."""
    return {"type": "integer", "format": "int64", "minimum": 1, "maximum": LARGEST_ID}
