"""Ids in paths: `<id:chat_id>`; what cannot be one is answered like what is not there."""

from werkzeug.routing import BaseConverter, ValidationError

from app.schemas.fields import LARGEST_ID


class IdConverter(BaseConverter):
    """A number from 1 to 2^63 - 1 in plain digits."""

    regex = r"[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        number = int(value)
        if not 1 <= number <= LARGEST_ID or value != str(number):
            raise ValidationError
        return number


def describe_id(converter: BaseConverter) -> dict[str, object]:
    """Its schema in the API's description."""
    return {"type": "integer", "format": "int64", "minimum": 1, "maximum": LARGEST_ID}
