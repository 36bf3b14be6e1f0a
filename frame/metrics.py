"""`/metrics` for an operator's Prometheus: there only with METRICS_TOKEN, and only for who brings it."""

from hmac import compare_digest

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from fechatter.config import Config
from fechatter.metrics import MEDIA_TYPE, exposition


def metrics_blueprint(config: Config) -> Blueprint:
    blueprint = Blueprint("metrics", __name__)
    wanted = f"Bearer {config.metrics_token}".encode()

    @blueprint.get("/metrics")
    def metrics() -> Response:
        given = request.headers.get("Authorization", "").encode("utf-8", "replace")
        if not config.metrics_token or not compare_digest(given, wanted):
            raise NotFound  # as for any path that is not there
        return Response(exposition(), content_type=MEDIA_TYPE)

    return blueprint
