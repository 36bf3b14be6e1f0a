"""`app/web/js/api_types.d.ts` from our own description of the API: `python -m tests.web.api_types` writes it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from app.create import create_app
from app.openapi import describe
from fechatter.config import read_config
from fechatter.keys import make_keys
from launcher.paths import PROJECT

FILE = PROJECT / "app" / "web" / "js" / "api_types.d.ts"
HEAD = "/** Made by `python -m tests.web.api_types` from /openapi.json: do not write in here. */\n"

NOWHERE = {"DATABASE_URL": "postgresql://localhost/none", "REDIS_URL": "redis://localhost:1"}

Schema = Mapping[str, Any]


def write_types(description: Schema) -> str:
    schemas = description["components"]["schemas"]
    return HEAD + "".join(f"\n{text}" for name in sorted(schemas) for text in _declared(name, schemas[name]))


def _declared(name: str, schema: Schema) -> Iterator[str]:
    yield from _told(schema)
    if "properties" not in schema:
        yield f"export type {name} = {_type(schema)};\n"
        return
    needed = set(schema.get("required", ()))
    fields = [
        f"{words}  {field}{'' if field in needed else '?'}: {_type(its)};\n"
        for field, its in schema["properties"].items()
        for words in ["".join(f"  {line}" for line in _told(its))]
    ]
    yield f"export interface {name} {{\n{''.join(fields)}}}\n"


def _told(schema: Schema) -> Iterator[str]:
    if "description" in schema:
        yield f"/** {' '.join(schema['description'].split())} */\n"


def _type(schema: Schema) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    for words in ("anyOf", "oneOf"):
        if words in schema:
            return " | ".join(_type(each) for each in schema[words])
    kinds = schema.get("type", "unknown")
    return " | ".join(_of_kind(kind, schema) for kind in ([kinds] if isinstance(kinds, str) else kinds))


def _of_kind(kind: str, schema: Schema) -> str:
    if kind == "array":
        return f"({_type(schema.get('items', {}))})[]"
    if kind == "object":
        return f"Record<string, {_type(schema.get('additionalProperties') or {})}>"
    return {"integer": "number", "number": "number", "string": "string", "boolean": "boolean", "null": "null"}.get(
        kind, "unknown"
    )


def described() -> Schema:
    """What `/openapi.json` says, of an application that connects to nothing."""
    config = read_config("web", {"FECHATTER_ENV": "development", **NOWHERE, **make_keys()})
    return describe(create_app(config), config)


if __name__ == "__main__":
    FILE.write_text(write_types(described()))
