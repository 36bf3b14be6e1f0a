"""One line and one measurement for each request. Both know the route's rule, never the path or the query: invite
tokens and tickets stand there."""

import logging
from functools import cache
from time import perf_counter

from flask import Flask, Response

from fechatter.logs import log_context
from fechatter.metrics import REQUESTS
from frame.current import current_g, current_request
from frame.requests import request_id

log = logging.getLogger("fechatter.request")

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
QUIET = ("/healthz", "/readyz", "/metrics", "/assets/<path:path>")
"""Asked every few seconds by machines, or by the dozen for one page."""


_measured = cache(REQUESTS.labels)
"""Routes, methods and statuses are few."""


def init_request_log(app: Flask) -> None:
    """Comes first of all, so that it times all."""
    app.before_request(_begin)
    app.after_request(_tell)
    app.teardown_request(_end)


def _begin() -> None:
    current_g().started = perf_counter()
    log_context.set({"request_id": request_id()})


def _end(error: BaseException | None) -> None:
    log_context.set(None)


def _tell(response: Response) -> Response:
    request, g = current_request(), current_g()
    seconds = perf_counter() - g.get("started", perf_counter())
    rule = request.url_rule.rule if request.url_rule else "none"
    method = request.method if request.method in METHODS else "other"
    _measured(method, rule, response.status_code).observe(seconds)
    level = logging.DEBUG if rule in QUIET else logging.INFO
    if not log.isEnabledFor(level):
        return response
    claims = g.get("claims")
    log.log(
        level,
        "%s %s %d",
        method,
        rule,
        response.status_code,
        extra={
            "method": method,
            "route": rule,
            "status": response.status_code,
            "ms": round(seconds * 1000, 1),
            "request_id": request_id(),
            "user_id": claims.user_id if claims else None,
        },
    )
    return response
