"""Where a request comes from, behind proxies: only what those that the operator has named have written is believed."""

from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv6Address, ip_address
from typing import Any

from flask import Flask

from fechatter.proxies import Trusted

WSGI = Callable[[dict[str, Any], Any], Iterable[bytes]]


class BehindProxies:
    """Each proxy has put the address that it was called from behind those that it was told. So of `hops` proxies the
    last but `hops - 1` is the client's, and whatever stands before is the client's own word.

    Where no address stands there the request has come another way, and the address that it came from stays.
    """

    def __init__(self, app: WSGI, trusted: Trusted) -> None:
        self.app, self.trusted = app, trusted

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        # Split at every comma: one that reads quotes takes all behind a client's own quote for one value.
        told = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if hops := self._hops(environ.get("REMOTE_ADDR", ""), told):
            if len(told) >= hops and (client := read_address(told[-hops])):
                environ["REMOTE_ADDR"] = client
            scheme = environ.get("HTTP_X_FORWARDED_PROTO", "").split(",")[-hops:][0].strip().lower()
            if scheme in ("http", "https"):
                environ["wsgi.url_scheme"] = scheme
        return self.app(environ, start_response)

    def _hops(self, caller: str, told: Sequence[str]) -> int:
        """How many proxies this request has come through that are believed: all that are known, from us outwards."""
        if isinstance(self.trusted, int):
            return self.trusted
        count = 0
        for address in (caller, *reversed(told[1:])):
            if not self._is_ours(address):
                break
            count += 1
        return count

    def _is_ours(self, text: str) -> bool:
        address = read_address(text)
        if address is None or isinstance(self.trusted, int):
            return False
        ip = ip_address(address)
        return any(ip in network for network in self.trusted)


def read_address(text: str) -> str | None:
    """An address without the port and the brackets that some proxies write, None for anything else: each port would
    count as a client of its own. IPv4 as sockets for both show it (`::ffff:192.0.2.1`) is the same client's."""
    host = text.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return str(address.ipv4_mapped or address) if isinstance(address, IPv6Address) else str(address)


def init_proxies(app: Flask, trusted: Trusted) -> None:
    """With 0 nobody is believed."""
    if trusted:
        app.wsgi_app = BehindProxies(app.wsgi_app, trusted)  # type: ignore[method-assign]
