"""`/openapi.json`, and Swagger UI over it at `/docs`, from our own files and under a policy without inline code."""

from collections.abc import Callable
from functools import cache
from typing import Any

import orjson
from flask import Blueprint, Response, render_template

# Swagger UI has its icons in data: URLs.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


def docs_blueprint(describe: Callable[[], dict[str, Any]]) -> Blueprint:
    """`describe` is called once, by who asks first."""
    blueprint = Blueprint("docs", __name__)

    @cache
    def description() -> bytes:
        return orjson.dumps(describe(), option=orjson.OPT_NON_STR_KEYS)

    @blueprint.get("/openapi.json")
    def openapi() -> Response:
        return Response(description(), mimetype="application/json")

    @blueprint.get("/docs")
    def docs() -> Response:
        return Response(render_template("docs.html"), headers={"Content-Security-Policy": POLICY})

    return blueprint
