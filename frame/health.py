"""What an operator's tools ask of every HTTP process: does it answer, and has it what it needs."""

from collections.abc import Callable

import orjson
from flask import Blueprint, Response

from fechatter.readiness import Readiness


def health_blueprint(read: Callable[[], Readiness]) -> Blueprint:
    """`/healthz` and `/readyz`; `read` looks at what the door needs."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    @blueprint.get("/readyz")
    def readyz() -> Response:
        """503 when a needed part is away; with Redis away alone it is `degraded`, and 200."""
        readiness = read()
        status = 503 if readiness.status == "unavailable" else 200
        answer = Response(orjson.dumps(readiness.shape()), status, mimetype="application/json")
        answer.headers["Cache-Control"] = "no-store"
        if status == 503:
            answer.headers["Retry-After"] = "1"
        return answer

    return blueprint
