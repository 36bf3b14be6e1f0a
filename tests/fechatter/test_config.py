"""Each malformed variable is named when a process starts, not by a traceback when it is first used."""

import pytest

from fechatter.config import BadConfig, read_config

WHOLE = {
    "FECHATTER_ENV": "development",
    "DATABASE_URL": "postgresql://h/db",
    "REDIS_URL": "redis://h",
    "PUBLIC_URL": "https://chat.example.org",
}


def complaints(**told: str) -> list[str]:
    try:
        read_config("worker", WHOLE | told)
    except BadConfig as bad:
        return bad.complaints
    return []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://h/db"),
        ("DATABASE_URL", "postgresql://h:port/db"),
        ("REDIS_URL", "redis://h:port/0"),
        ("REDIS_URL", "redis://:6379"),
        ("PUBLIC_URL", "https://chat.example.org/path"),
        ("PUBLIC_URL", "https://chat.example.org?query"),
        ("PUBLIC_URL", "https://somebody@chat.example.org"),
        ("PUBLIC_URL", "https://chat.example.org:https"),
        ("PUBLIC_URL", "chat.example.org"),
        ("NOTIFY_URL", "https://chat.example.org/path?query"),
        ("CORS_ORIGINS", "garbage"),
        ("CORS_ORIGINS", "https://a.example, https://b.example/path"),
        ("CORS_ORIGINS", "https://*.example.org"),
        ("WEB_CONCURRENCY", "x"),
        ("METRICS_PORT", "-1"),
    ],
)
def test_a_malformed_variable_is_named_once(name: str, value: str) -> None:
    assert [line.split()[0] for line in complaints(**{name: value})] == [name]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgres://u:p#a@s:s/word@h:5432/db?sslmode=require"),
        ("DATABASE_URL", "postgresql:///db?host=/run/postgresql"),
        ("DATABASE_URL", "postgresql://[::1]:5432/db"),
        ("REDIS_URL", "rediss://:p%40ss@h:6379/0"),
        ("REDIS_URL", "unix:///run/redis.sock"),
        ("PUBLIC_URL", "http://[::1]:8000/"),
        ("NOTIFY_URL", "https://chat.example.org/stream/"),
        ("CORS_ORIGINS", "*"),
        ("CORS_ORIGINS", "https://a.example/ capacitor://localhost,http://localhost:3000"),
    ],
)
def test_what_is_right_is_taken(name: str, value: str) -> None:
    assert complaints(**{name: value}) == []
