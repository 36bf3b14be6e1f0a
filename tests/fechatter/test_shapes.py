"""Times look the same wherever they are written."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from fechatter.shapes import maybe_rfc3339, rfc3339


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2024, 2, 29, 23, 59, 59, 999999, UTC), "2024-02-29T23:59:59.999999Z"),
        (datetime(2024, 1, 2, 3, 4, 5, 0, UTC), "2024-01-02T03:04:05.000000Z"),
        (datetime(2024, 1, 1, 1, 0, tzinfo=timezone(timedelta(hours=5, minutes=30))), "2023-12-31T19:30:00.000000Z"),
        (datetime(999, 1, 1, tzinfo=UTC), "0999-01-01T00:00:00.000000Z"),
    ],
)
def test_python_and_postgresql_write_a_time_alike(session: Session, moment: datetime, written: str) -> None:
    assert rfc3339(moment) == written
    session.execute(text("SET LOCAL timezone = 'America/St_Johns'"))
    assert session.scalar(text("SELECT rfc3339(:moment)"), {"moment": moment}) == written


def test_no_time_is_null() -> None:
    assert maybe_rfc3339(None) is None
