"""How push services know us."""

import pytest
from sqlalchemy import Engine, text

from fechatter.config import BadConfig, Config, Door, read_config
from fechatter.errors import Unavailable
from fechatter.push.keys import base64url, is_public_key, private_key, public_key
from fechatter.push.settings import NOBODY, ORDER, PushSettings, read_key
from tests.fechatter.test_config import WHOLE, complaints

KEY = base64url((7).to_bytes(32))


def read(door: Door = "worker", **told: str) -> Config:
    return read_config(door, WHOLE | told)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VAPID_PRIVATE_KEY", "x"),
        ("VAPID_PRIVATE_KEY", base64url(bytes(32))),
        ("VAPID_PRIVATE_KEY", base64url(ORDER.to_bytes(32))),
        ("VAPID_PRIVATE_KEY", KEY + "="),
        ("VAPID_CONTACT", "chat@example.org"),
        ("VAPID_CONTACT", "http://example.org"),
        ("VAPID_CONTACT", "mailto:a@b c"),
        ("PUSH_SERVICES", "push.example.org"),
        ("PUSH_SERVICES", "http://push.example.org"),
        ("PUSH_SERVICES", "https://push.example.org/path"),
        ("PUSH_SERVICES", "https://u@push.example.org"),
    ],
)
def test_a_malformed_variable_is_named_once(name: str, value: str) -> None:
    assert [line.split()[0] for line in complaints(**{name: value})] == [name]


def test_what_is_told_is_read() -> None:
    push = read(
        VAPID_PRIVATE_KEY=KEY,
        VAPID_CONTACT="https://example.org",
        PUSH_SERVICES="https://Push.example.org:443, https://10.0.0.7:8443 https://[fd00::1]",
    ).push
    assert (push.private_key, push.contact) == ((7).to_bytes(32), "https://example.org")
    assert push.services == {"https://push.example.org", "https://10.0.0.7:8443", "https://[fd00::1]"}
    assert KEY not in repr(push)


def test_without_a_contact_it_is_who_sends_mails_or_web_itself() -> None:
    mail = {"MAIL_FROM": "Chat <chat@example.net>", "MAIL_DIR": "/mails"}
    assert read(**mail).push.contact == "mailto:chat@example.net"
    assert read().push.contact == "https://chat.example.org"
    assert read(PUBLIC_URL="https://chat.example.org:8443").push.contact == "https://chat.example.org"
    assert read(PUBLIC_URL="http://localhost:8000").push.contact == NOBODY


def test_doors_that_push_nothing_read_nothing_of_it() -> None:
    assert read("beat", VAPID_PRIVATE_KEY="x").push == PushSettings()
    with pytest.raises(BadConfig):
        read("worker", VAPID_PRIVATE_KEY="x")


def test_a_key_is_made_once_and_kept(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE installation SET vapid_private_key = NULL"))
        made = private_key(connection, PushSettings())
    with engine.begin() as connection:
        assert private_key(connection, PushSettings()) == made
        assert private_key(connection, PushSettings((7).to_bytes(32))) == (7).to_bytes(32)
    assert read_key(base64url(made)) == made
    assert len(public_key(made)) == 87


def test_before_the_release_step_there_is_none(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(text("DELETE FROM installation"))
        with pytest.raises(Unavailable):
            private_key(connection, PushSettings())
        connection.rollback()


def test_a_point_that_is_not_on_the_curve_is_no_key() -> None:
    from base64 import urlsafe_b64decode

    point = urlsafe_b64decode(public_key((7).to_bytes(32)) + "=")
    assert is_public_key(point)
    for other in (point[:-1], point + b"x", b"\x04" + bytes(64), bytes([point[0], *point[1:64], point[64] ^ 1]), b""):
        assert not is_public_key(other)
