"""Where a push may go: https on public addresses only. People choose these URLs, and we are inside their network."""

import re
import socket
from collections.abc import Callable, Collection, Sequence
from ipaddress import IPv4Address, ip_address, ip_network
from typing import NamedTuple
from urllib.parse import urlsplit

LONGEST = 2000
PORT = 443

# All that may stand in the one line that we write it into, and nothing that could begin a second one.
URL = re.compile(r"https://[!-~]+")
HOST = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?\.?")
UNICAST, TRANSLATED, OVER_IPV4 = ip_network("2000::/3"), ip_network("64:ff9b::/96"), ip_network("2002::/16")

Resolve = Callable[[str, int], Sequence[str]]


class Unsafe(OSError):
    """This may not be reached, or is no endpoint at all."""


class Endpoint(NamedTuple):
    """`target` is path and query; `is_trusted`: the operator has named its origin."""

    origin: str
    host: str
    port: int
    target: str
    is_trusted: bool


def read_endpoint(url: str, trusted: Collection[str]) -> Endpoint:
    """`trusted` are origins, in lower case and without `:443`. Raises Unsafe."""
    if len(url) > LONGEST or not URL.fullmatch(url) or "\\" in url:
        raise Unsafe("not an https URL")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", PORT if parts.port is None else parts.port
    except ValueError as error:
        raise Unsafe("not an https URL") from error
    if "@" in parts.netloc or not (HOST.fullmatch(host) or _is_address(host)):
        raise Unsafe("not an https URL")
    shown = f"[{host}]" if ":" in host else host
    origin = f"https://{shown}" if port == PORT else f"https://{shown}:{port}"
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    endpoint = Endpoint(origin, host, port, target, origin in trusted)
    if not endpoint.is_trusted and (port != PORT or (_is_address(host) and not is_public(host))):
        raise Unsafe("not a public address")
    return endpoint


def _is_address(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def addresses_of(endpoint: Endpoint, resolve: Resolve) -> Sequence[str]:
    """Those to connect to. One that is not public spoils all: an honest name has none. Raises Unsafe, OSError."""
    found = resolve(endpoint.host, endpoint.port)
    if not endpoint.is_trusted and not all(map(is_public, found)):
        raise Unsafe("not a public address")
    return found


def resolved(host: str, port: int) -> list[str]:
    """By the system, each once, in its order."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise Unsafe("not a name") from error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def is_public(address: str) -> bool:
    """Whether anybody on the internet would reach the same. Of IPv6 more is asked than Python's versions agree on."""
    ip = ip_address(address)
    if isinstance(ip, IPv4Address):
        return ip.is_global and not ip.is_multicast
    if ip in TRANSLATED:
        return is_public(str(IPv4Address(int(ip) & 0xFFFFFFFF)))
    return ip in UNICAST and ip not in OVER_IPV4 and ip.is_global
