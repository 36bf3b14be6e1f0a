"""Which proxies in front of the doors are believed, as TRUSTED_PROXIES says it."""

from ipaddress import IPv4Network, IPv6Network, ip_network

MOST = 10
"""Proxies, one behind the other."""

Network = IPv4Network | IPv6Network
Trusted = int | tuple[Network, ...]
"""How many there are, whoever calls; or where they stand, and then nobody else is believed."""


def read_trusted(text: str) -> Trusted | None:
    """`1`, or `10.0.0.0/8,127.0.0.1`, separated by commas or spaces; None of anything else."""
    if text.isascii() and text.isdigit():
        return int(text) if len(text) <= 2 and int(text) <= MOST else None
    try:
        networks = tuple(ip_network(word) for word in text.replace(",", " ").split())
    except ValueError:
        return None
    return networks or None
