"""What every table's class has in common: column types."""

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, Text
from sqlalchemy.orm import DeclarativeBase


class Table(DeclarativeBase):
    """Integers are 64 bits, times carry a zone, strings have no length of their own."""

    type_annotation_map = {int: BigInteger, datetime: DateTime(timezone=True), str: Text}
