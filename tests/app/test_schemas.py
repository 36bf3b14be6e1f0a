"""A body that passes by marshmallow's bookkeeping is read as marshmallow itself would have read it."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError

from app.schemas.fields import StrictSchema
from app.schemas.messages import HistoryQuery, NewMessage

WORDS = ["Hello", "ann@example.org", "owner", "public_channel", "all", "https://example.org/a", "7", "ab" * 8, ""]
VALUES = st.one_of(
    st.sampled_from(
        [None, True, False, 0, 1, 7, -1, 2**63, 1.5, "\0", "\ud800", " ", [], {}, [1, 2], ["7"], "x" * 200]
    ),
    st.sampled_from(WORDS),
    st.text(max_size=5),
)


def schemas(parent: type[StrictSchema] = StrictSchema) -> Iterator[type[StrictSchema]]:
    for schema in parent.__subclasses__():
        yield from schemas(schema)
        if schema.__module__.startswith("app."):
            yield schema


def outcome(schema: Schema, load: Any, data: Any) -> Any:
    try:
        return load(schema, data)
    except ValidationError as error:
        return error.messages


@given(st.data())
def test_every_schema_reads_as_marshmallow_does(app: Flask, data: st.DataObject) -> None:
    schema = data.draw(st.sampled_from(sorted(schemas(), key=lambda one: one.__name__)))()
    names = st.sampled_from([*schema.fields, "unknown"])
    body = data.draw(st.one_of(st.dictionaries(names, VALUES, max_size=6), VALUES))
    assert outcome(schema, StrictSchema.load, body) == outcome(schema, Schema.load, body)


@pytest.mark.parametrize(
    ("schema", "body", "passes"),
    [
        (NewMessage, {"content": "Hello"}, True),
        (NewMessage, {"content": "Hello", "colour": "red"}, False),
        (NewMessage, {"content": ""}, False),
        (HistoryQuery, {"before": "7"}, False),  # whose fields are looked at together
    ],
)
def test_what_passes_by_it(app: Flask, schema: type[StrictSchema], body: dict[str, Any], passes: bool) -> None:
    assert schema()._plainly(body) == (body if passes else None)
