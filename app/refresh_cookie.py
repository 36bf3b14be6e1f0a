"""The refresh token of a browser: in a cookie that no script can read, and that no page of another site can use."""

from urllib.parse import urlsplit

from flask import Response, request

from app.answers import send
from app.services import services
from fechatter.actions.sessions import LIFETIME
from fechatter.errors import Forbidden
from fechatter.shapes import Shape

NAME = "fechatter_refresh"
PATH = "/api/auth"
HEADER = "X-Fechatter-Client"

DEFAULT_PORTS = {"http": 80, "https": 443}


def answer_with_cookie(pair: Shape, status: int = 200) -> Response:
    """The pair without its refresh token, which goes into the cookie."""
    response = send(pair | {"refresh_token": None}, status)
    seconds = int(LIFETIME.total_seconds())
    response.set_cookie(_name(), pair["refresh_token"], max_age=seconds, **_attributes())
    return response


def answer_without_cookie() -> Response | None:
    """Takes the cookie away, where there is one."""
    if _name() not in request.cookies:
        return None
    response = send(None, 204)
    response.delete_cookie(_name(), **_attributes())
    return response


def cookie_token() -> str | None:
    """What stands in the cookie, for a call that only our own page has made. Raises Forbidden (csrf)."""
    token = request.cookies.get(_name())
    if token is not None:
        refuse_other_sites()
    return token


def refuse_other_sites() -> None:
    """Before a cookie is taken or set. Raises Forbidden (csrf).

    `SameSite` alone leaves out other hosts of the same site, and browsers that do not know it.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    is_ours = site in (None, "same-origin") and (origin is None or _normal(origin) == _normal(_public_url()))
    if not is_ours or not request.headers.get(HEADER):
        raise Forbidden("csrf", f"With a cookie this takes the header {HEADER}, and no page of another origin.")


def _normal(origin: str) -> tuple[str, str | None, int | None] | None:
    """Of what an Origin or PUBLIC_URL says; None for what is none."""
    try:
        parts = urlsplit(origin)
        return (parts.scheme, parts.hostname, parts.port or DEFAULT_PORTS.get(parts.scheme)) if parts.hostname else None
    except ValueError:
        return None


def _public_url() -> str:
    return services().config.public_url


def _is_secure() -> bool:
    return _public_url().startswith("https:")


def _name() -> str:
    """With the prefix a browser takes it over TLS alone: no page of http can plant one."""
    return f"__Secure-{NAME}" if _is_secure() else NAME


def _attributes() -> dict[str, object]:
    return {"path": PATH, "secure": _is_secure(), "httponly": True, "samesite": "Strict"}
