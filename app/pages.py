"""What a person sees who opens the service, or an invitation, in a browser."""

from flask import Blueprint, Response, render_template

from fechatter import __version__
from fechatter.errors import NotFound
from frame.errors import wants_page

POLICY = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def start() -> Response:
    return _page("start.html", version=__version__)


@blueprint.get("/invite/<token>")
def invite(token: str) -> Response:
    """The page knows nothing of the invitation: whether it is good is for who accepts it to learn."""
    return _page("invite.html")


def _page(template: str, **values: str) -> Response:
    """Programs get what they get for any path that is none of the API's."""
    if not wants_page():
        raise NotFound
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    return Response(render_template(template, **values), headers=headers)
