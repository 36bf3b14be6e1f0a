"""Redis over TLS: its certificate is checked by web and worker alike, unless the operator says otherwise."""

import pytest

from fechatter.broker import broker
from fechatter.config import BadConfig, read_config

WORKER = {"DATABASE_URL": "postgresql://x/y", "REDIS_URL": "rediss://:pw@redis.example:6380/0"}


def test_certificates_are_checked_by_default() -> None:
    url = read_config("worker", WORKER).redis_url
    assert url == WORKER["REDIS_URL"]
    assert broker(url)["broker_use_ssl"] == {"ssl_cert_reqs": "required"}


def test_a_certificate_that_nobody_signed_can_be_taken() -> None:
    url = read_config("worker", WORKER | {"REDIS_TLS_VERIFY": "off"}).redis_url
    assert url == "rediss://:pw@redis.example:6380/0?ssl_cert_reqs=none"
    assert "broker_use_ssl" not in broker(url)


def test_without_tls_there_is_nothing_to_check() -> None:
    plain = WORKER | {"REDIS_URL": "redis://redis.example/0", "REDIS_TLS_VERIFY": "off"}
    assert read_config("worker", plain).redis_url == "redis://redis.example/0"


def test_another_word_than_on_and_off_is_refused() -> None:
    with pytest.raises(BadConfig, match="REDIS_TLS_VERIFY must be one of on, off"):
        read_config("worker", WORKER | {"REDIS_TLS_VERIFY": "no"})


def test_celery_has_its_own_word_for_a_unix_socket() -> None:
    assert broker("unix:///run/redis.sock") == {"broker_url": "redis+socket:///run/redis.sock"}
