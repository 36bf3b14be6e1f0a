"""Names that people give to themselves and to things, and other lines that stand beside what others wrote."""

from typing import Any

from marshmallow import ValidationError

from app.schemas.fields import Text
from fechatter.text import is_visible, plays_tricks


class Line(Text):
    """`Line(1, 100)`: one line that shows as what it is; with `blank=True` it may also show nothing. Kept as sent."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        text = super()._deserialize(value, attr, data, **options)
        if plays_tricks(text):
            raise ValidationError("Must not contain control characters, line ends or changes of direction.")
        if not self.blank and text and not is_visible(text):
            raise ValidationError("Must not be blank.")
        return text


class Name(Line):
    """`Name(80)`: a line of up to that many characters; the space around it is taken off."""

    def __init__(self, most: int, **options: Any) -> None:
        super().__init__(1, most, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        return super()._deserialize(value.strip() if isinstance(value, str) else value, attr, data, **options)
