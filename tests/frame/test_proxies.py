"""Whose word on where a request comes from is taken."""

from typing import Any

import pytest

from fechatter.proxies import Trusted, read_trusted
from frame.proxies import BehindProxies, read_address

PROXY = "192.0.2.1"


def address(trusted: Trusted, *headers: str, **more: str) -> str:
    """Of a request that `PROXY` has passed on; several headers are joined as gunicorn does."""
    seen = dict[str, Any]()

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.update(environ)
        return []

    told = {"HTTP_X_FORWARDED_FOR": ",".join(headers)} if headers else {}
    BehindProxies(app, trusted)({"REMOTE_ADDR": PROXY, "wsgi.url_scheme": "http", **told, **more}, None)
    return str(seen["REMOTE_ADDR"])


@pytest.mark.parametrize(
    ("hops", "header", "client"),
    [
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (1, "1.1.1.1,2.2.2.2,  203.0.113.9 ", "203.0.113.9"),
        (2, "1.1.1.1, 203.0.113.9, 198.51.100.2", "203.0.113.9"),
        (3, "203.0.113.9, 198.51.100.2", PROXY),
        (1, "203.0.113.9:5678", "203.0.113.9"),
        (1, "[2001:db8::9]:5678", "2001:db8::9"),
        (1, "[2001:db8::9]", "2001:db8::9"),
        (1, "2001:DB8:0::9", "2001:db8::9"),
        (1, "fe80::1%eth0", "fe80::1"),
    ],
)
def test_the_client_is_who_called_the_first_proxy_of_ours(hops: int, header: str, client: str) -> None:
    assert address(hops, header) == client


@pytest.mark.parametrize(
    "header",
    [
        "",
        " ",
        ",",
        "unknown",
        "_hidden",
        "203.0.113.9,",
        "203.0.113.9, x",
        "203.0.113.999",
        "1.2.3.4.5",
        "::1::",
        '"203.0.113.9"',
        "for=203.0.113.9",
        "203.0.113.9;1.1.1.1",
        "٢٠٣.0.113.9",
        "0x7f000001",
        "\x00",
        "-1",
        "[]:80",
    ],
)
def test_what_is_no_address_changes_nothing(header: str) -> None:
    assert address(1, header) == PROXY


@pytest.mark.parametrize("own", ['"', '"1.1.1.1', '"a", "', "\\", '"\\', "1.1.1.1;", "(", "1.1.1.1\t", "é"])
def test_nothing_that_a_client_writes_itself_hides_what_the_proxy_writes_behind_it(own: str) -> None:
    assert address(1, f"{own}, 203.0.113.9") == "203.0.113.9"
    assert address(1, own, "203.0.113.9") == "203.0.113.9"


def test_without_the_header_it_is_who_has_called() -> None:
    assert address(1) == PROXY
    assert address(networks("192.0.2.0/24")) == PROXY


def networks(text: str) -> Trusted:
    told = read_trusted(text)
    assert told
    return told


@pytest.mark.parametrize(
    ("caller", "header", "client"),
    [
        (PROXY, "203.0.113.9", "203.0.113.9"),
        (PROXY, "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (PROXY, "1.1.1.1, 203.0.113.9, 10.1.2.3", "203.0.113.9"),
        (PROXY, "10.9.9.9, 203.0.113.9, 10.1.2.3", "203.0.113.9"),
        (PROXY, "10.9.9.9, 10.1.2.3", "10.9.9.9"),
        (PROXY, "203.0.113.9, x, 10.1.2.3", PROXY),
        (PROXY, "x", PROXY),
        (f"::ffff:{PROXY}", "203.0.113.9", "203.0.113.9"),
        ("2001:db8:9::1", "203.0.113.9", "203.0.113.9"),
        ("198.51.100.7", "203.0.113.9", "198.51.100.7"),
        ("198.51.100.7", "203.0.113.9, 10.1.2.3", "198.51.100.7"),
        ("198.51.100.7", f"203.0.113.9, {PROXY}", "198.51.100.7"),
        ("2001:db8:10::1", "203.0.113.9", "2001:db8:10::1"),
        ("", "203.0.113.9", ""),
    ],
)
def test_where_proxies_are_named_nobody_else_is_believed(caller: str, header: str, client: str) -> None:
    assert address(networks("192.0.2.0/24, 10.0.0.0/8 2001:db8:9::/48"), header, REMOTE_ADDR=caller) == client


@pytest.mark.parametrize(("caller", "scheme"), [(PROXY, "https"), ("198.51.100.7", "http")])
def test_nor_is_what_somebody_else_says_of_the_scheme(caller: str, scheme: str) -> None:
    environ: dict[str, Any] = {"REMOTE_ADDR": caller, "wsgi.url_scheme": "http", "HTTP_X_FORWARDED_PROTO": "https"}
    BehindProxies(lambda environ, _: [], networks(PROXY))(environ, None)
    assert environ["wsgi.url_scheme"] == scheme


@pytest.mark.parametrize(
    ("told", "scheme"), [("https", "https"), ("http, HTTPS", "https"), ("x", "http"), ("", "http")]
)
def test_a_scheme_is_one_of_two(told: str, scheme: str) -> None:
    environ: dict[str, Any] = {"wsgi.url_scheme": "http", "HTTP_X_FORWARDED_PROTO": told}
    BehindProxies(lambda environ, _: [], 1)(environ, None)
    assert environ["wsgi.url_scheme"] == scheme


@pytest.mark.parametrize(("text", "found"), [("::ffff:203.0.113.9", "203.0.113.9"), ("1.2.3.4:x", "1.2.3.4")])
def test_addresses_are_read_as_they_are_written_by_proxies(text: str, found: str) -> None:
    assert read_address(text) == found
