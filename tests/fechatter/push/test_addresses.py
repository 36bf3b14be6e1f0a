"""Only public push services are reached, whatever a URL looks like or a name leads to."""

import pytest

from fechatter.push.addresses import LONGEST, Endpoint, Unsafe, addresses_of, is_public, read_endpoint, resolved

PUBLIC = "https://push.example.org"
TRUSTED = ["https://push.intern:8443", "https://10.0.0.7"]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1",
        "fe80::1%1", "fec0::1", "fc00::1", "fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::8.8.8.8",
        "2001:db8::1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::1", "2002:a00:1::1",
        "2001:0:7f00:1::1", "100::1", "4000::1",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_known_as_one(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "142.250.185.74", "2a00:1450:4001:82b::200a", "64:ff9b::808:808"])
def test_a_public_address_is_known_as_one(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://push.example.org/x", "ftp://push.example.org/x", "push.example.org/x", "//push.example.org/x", "https://",
        "https:///x", "https://push.example.org:8443/x", "https://push.example.org:80/x", "https://push.example.org:0/x",
        "https://push.example.org:99999/x", "https://push.example.org:x/x", "https://u:p@push.example.org/x",
        "https://u@push.example.org/x", "https://push.example.org@127.0.0.1/x", "https://127.0.0.1/x", "https://[::1]/x",
        "https://[::ffff:127.0.0.1]/x", "https://169.254.169.254/latest/meta-data", "https://10.0.0.7:8443/x",
        "https://push.intern:9443/x", "https://push.example.org\\@127.0.0.1/x", "https://push.example.org/\r\nX: y",
        "https://push.example.org/a b", "https://push.exämple.org/x", "https://.example.org/x", "https://%31/x",
        "https://push.example.org/" + "x" * LONGEST, "javascript:alert(1)", "https://push.example.org\t/x",
    ],
)  # fmt: skip
def test_what_is_no_endpoint_is_refused_before_anything_is_looked_up(url: str) -> None:
    with pytest.raises(Unsafe):
        read_endpoint(url, TRUSTED)


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        ("https://push.example.org/a?b=c", Endpoint(PUBLIC, "push.example.org", 443, "/a?b=c", False)),
        ("https://PUSH.example.org:443", Endpoint(PUBLIC, "push.example.org", 443, "/", False)),
        ("https://push.intern:8443/x", Endpoint("https://push.intern:8443", "push.intern", 8443, "/x", True)),
        ("https://10.0.0.7/x", Endpoint("https://10.0.0.7", "10.0.0.7", 443, "/x", True)),
        ("https://[2A00:1450::A]/x", Endpoint("https://[2a00:1450::a]", "2a00:1450::a", 443, "/x", False)),
    ],
)  # fmt: skip
def test_an_endpoint_is_taken_apart(url: str, endpoint: Endpoint) -> None:
    assert read_endpoint(url, TRUSTED) == endpoint


def test_one_address_that_is_not_public_spoils_the_name() -> None:
    endpoint = read_endpoint("https://push.example.org/x", TRUSTED)
    assert addresses_of(endpoint, lambda *_: ["8.8.8.8", "2a00:1450::a"]) == ["8.8.8.8", "2a00:1450::a"]
    with pytest.raises(Unsafe):
        addresses_of(endpoint, lambda *_: ["8.8.8.8", "10.0.0.1"])


@pytest.mark.parametrize("host", ["localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1"])
def test_a_name_or_number_that_leads_to_this_machine_is_found_out_by_where_it_leads(host: str) -> None:
    with pytest.raises(Unsafe):
        addresses_of(read_endpoint(f"https://{host}/x", []), resolved)


def test_a_name_that_is_none_is_refused() -> None:
    for host in ("a" * 64 + ".example.org", "a..b"):
        with pytest.raises(OSError):
            addresses_of(read_endpoint(f"https://{host}/x", []), resolved)


def test_what_the_operator_trusts_may_lead_anywhere() -> None:
    endpoint = read_endpoint("https://push.intern:8443/x", TRUSTED)
    assert addresses_of(endpoint, lambda *_: ["10.0.0.1"]) == ["10.0.0.1"]
