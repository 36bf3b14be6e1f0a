"""What opens a stream at notify, and what does not."""

import os
from collections.abc import Callable
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fechatter.keys import key_id, read_private_key
from tests.forgeries import compact, forgeries, huge
from tests.notify.process import Notify
from tests.stream_client import StreamClient
from tests.world import Person, World


@pytest.fixture
def key() -> Ed25519PrivateKey:
    key = read_private_key(os.environ["JWT_PRIVATE_KEY"].replace("\\n", "\n").encode())
    assert key
    return key


def claims_of(person: Person) -> dict[str, Any]:
    return jwt.decode(person.token, options={"verify_signature": False})


def ask(notify: Notify, *tokens: str) -> httpx.Response:
    headers = [("Authorization", f"Bearer {token}") for token in tokens]
    with httpx.stream("GET", f"{notify.url}/api/notifications/events", headers=headers, timeout=60) as answer:
        if answer.status_code != 200:
            answer.read()
        return answer


def test_no_forgery_opens_a_stream(world: World, notify: Notify, key: Ed25519PrivateKey) -> None:
    ann = world.person()
    assert ask(notify, ann.token).status_code == 200
    for what, token in forgeries(claims_of(ann), key).items():
        answer = ask(notify, token)
        assert answer.status_code == 401, what
        assert answer.json()["code"] == "bad_token", what


def test_a_token_of_a_hundred_kilobytes_is_refused_and_harms_nothing(
    world: World, notify: Notify, key: Ed25519PrivateKey
) -> None:
    ann = world.person()
    try:
        assert 400 <= ask(notify, huge(claims_of(ann), key)).status_code < 500
    except httpx.TransportError:
        """It was not even read to its end."""
    assert ask(notify, ann.token).status_code == 200


@pytest.mark.parametrize("order", [1, -1])
def test_two_headers_open_nothing_though_one_is_good(world: World, notify: Notify, order: int) -> None:
    ann = world.person()
    assert ask(notify, *[ann.token, "x"][::order]).status_code == 401


def test_while_keys_change_a_process_knows_both_and_none_other(
    world: World, key: Ed25519PrivateKey, a_notify: Callable[..., Notify]
) -> None:
    new = Ed25519PrivateKey.generate()
    pems = [k.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode() for k in (key, new)]
    both = a_notify(JWT_PUBLIC_KEY="".join(pems).replace("\n", "\\n"), JWT_PRIVATE_KEY="")
    ann = world.person()
    for signer, status in ((key, 200), (new, 200), (Ed25519PrivateKey.generate(), 401)):
        named = compact({"alg": "EdDSA", "kid": key_id(signer.public_key())}, claims_of(ann), signer.sign)
        nameless = compact({"alg": "EdDSA"}, claims_of(ann), signer.sign)
        assert [ask(both, token).status_code for token in (named, nameless)] == [status, status]


def test_a_stream_has_the_headers_that_protect_and_so_has_a_refusal(
    world: World, notify: Notify, listen: Callable[..., StreamClient]
) -> None:
    stream = listen(world.person())
    for headers in (stream.response.headers, ask(notify, "x").headers):
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"
        assert "Access-Control-Allow-Credentials" not in headers
