"""Names that people give to things."""

from typing import Any

from app.schemas.fields import Text


class Name(Text):
    """`Name(80)`: up to that many characters, not only white space; the space around it is taken off."""

    def __init__(self, most: int, **options: Any) -> None:
        super().__init__(1, most, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        return super()._deserialize(value, attr, data, **options).strip()
