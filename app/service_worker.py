"""`/sw.js`: the service worker, which shows what is pushed while no page of ours is open."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Response, request

FILE = Path(__file__).parent / "web" / "sw.js"

POLICY = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'"
"""A worker goes by the policy of its own answer: it talks to us and loads nothing."""

blueprint = Blueprint("service_worker", __name__)


@cache
def _text() -> tuple[bytes, str]:
    body = FILE.read_bytes()
    return body, sha256(body).hexdigest()[:16]


@blueprint.get("/sw.js")
def show() -> Response:
    """Under an address that never changes: browsers ask for it anew by themselves, and compare."""
    body, tag = _text()
    answer = Response(body, content_type="text/javascript; charset=utf-8")
    answer.headers["Service-Worker-Allowed"] = "/"
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Cache-Control"] = "no-cache"
    answer.set_etag(tag)
    return answer.make_conditional(request)
