"""What browsers and programs get at addresses that people are sent, and at a path that is not there."""

import orjson
from flask import Blueprint, Response, render_template

from app.services import services
from app.web_client import client_page
from fechatter import __version__
from frame.errors import wants_page
from frame.requests import request_id

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)

ACTING = POLICY.replace("style-src", "script-src 'self'; connect-src 'self'; style-src")
"""Of the pages that links in mails lead to: they make one call, by a script that is a file of ours."""

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def start() -> Response:
    if wants_page():
        return client_page()
    return _where_to_look(name="Fechatter", version=__version__)


@blueprint.get("/invite/<token>")
def invite(token: str) -> Response:
    """The answer knows nothing of the invitation: whether it is good is for who accepts it to learn."""
    if wants_page():
        return client_page()
    return _where_to_look(accept=f"POST {services().config.public_url}/api/invites/{{token}}/accept")


@blueprint.get("/verify/<token>")
def verify(token: str) -> Response:
    """What reads ahead in mails opens links too: the token is spent by a button, not by the page."""
    return _mailed("verify")


@blueprint.get("/reset/<token>")
def reset(token: str) -> Response:
    return _mailed("reset")


def _mailed(purpose: str) -> Response:
    if wants_page():
        return _page(f"{purpose}.html", ACTING)
    return _where_to_look(call=f"POST {services().config.public_url}/api/auth/{purpose}")


def missing() -> Response:
    page = _page("missing.html", request_id=request_id())
    page.status_code = 404
    return page


def _page(template: str, policy: str = POLICY, **values: str) -> Response:
    page = render_template(template, url=services().config.public_url, **values)
    return Response(page, headers={"Content-Security-Policy": policy, "Cache-Control": "no-store"})


def _where_to_look(**words: str) -> Response:
    """For programs, and people with curl."""
    url = services().config.public_url
    body = words | {"docs": f"{url}/docs", "description": f"{url}/openapi.json"}
    return Response(orjson.dumps(body, option=orjson.OPT_APPEND_NEWLINE), mimetype="application/json")
