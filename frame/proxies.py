"""Where a request comes from, behind proxies: only what those that the operator has named have written is believed."""

from collections.abc import Callable, Iterable
from ipaddress import ip_address
from typing import Any

from flask import Flask

WSGI = Callable[[dict[str, Any], Any], Iterable[bytes]]


class BehindProxies:
    """Each of `hops` proxies has put the address that it was called from behind those that it was told. So the last
    but `hops - 1` is the client's, and whatever stands before is the client's own word.

    Where no address stands there the request has come another way, and the address that it came from stays.
    """

    def __init__(self, app: WSGI, hops: int) -> None:
        self.app, self.hops = app, hops

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        # Split at every comma: one that reads quotes takes all behind a client's own quote for one value.
        told = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(told) >= self.hops and (client := read_address(told[-self.hops])):
            environ["REMOTE_ADDR"] = client
        scheme = environ.get("HTTP_X_FORWARDED_PROTO", "").split(",")[-self.hops :][0].strip().lower()
        if scheme in ("http", "https"):
            environ["wsgi.url_scheme"] = scheme
        return self.app(environ, start_response)


def read_address(text: str) -> str | None:
    """An address without the port and the brackets that some proxies write, None for anything else: each port would
    count as a client of its own."""
    host = text.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        return str(ip_address(host.partition("%")[0]))
    except ValueError:
        return None


def init_proxies(app: Flask, hops: int) -> None:
    """With 0 nobody is believed."""
    if hops:
        app.wsgi_app = BehindProxies(app.wsgi_app, hops)  # type: ignore[method-assign]
