"""Each malformed variable is named when a process starts, not by a traceback when it is first used."""

import pytest

from fechatter.config import NEEDED, BadConfig, Door, read_config
from fechatter.sign_up import SignUp, read_sign_up

WHOLE = {
    "FECHATTER_ENV": "development",
    "DATABASE_URL": "postgresql://h/db",
    "REDIS_URL": "redis://h",
    "PUBLIC_URL": "https://chat.example.org",
}


MAILS = {"SMTP_URL": "smtp://mail.example.org", "MAIL_FROM": "Chat <chat@example.org>"}


def complaints(door: Door = "worker", **told: str) -> list[str]:
    try:
        read_config(door, WHOLE | told)
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
        ("TRUSTED_PROXIES", "11"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "١"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("TRUSTED_PROXIES", "10.0.0.0/8, proxy.example"),
        ("TRUSTED_PROXIES", ","),
        ("METRICS_PORT", "-1"),
        ("SMTP_TLS_VERIFY", "maybe"),
        ("MAIL_FROM", "nobody"),
        ("MAIL_FROM", "a@example.org\u2028Bcc: b@example.org"),
    ],
)
def test_a_malformed_variable_is_named_once(name: str, value: str) -> None:
    told = {name: value} | ({"MAIL_DIR": "/mails"} if name.startswith("MAIL") else {})
    assert [line.split()[0] for line in complaints(**told)] == [name]


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
        ("TRUSTED_PROXIES", "10"),
        ("TRUSTED_PROXIES", "127.0.0.1,::1 10.0.0.0/8"),
        ("CORS_ORIGINS", "*"),
        ("CORS_ORIGINS", "https://a.example/ capacitor://localhost,http://localhost:3000"),
    ],
)
def test_what_is_right_is_taken(name: str, value: str) -> None:
    assert complaints(**{name: value}) == []


@pytest.mark.parametrize(
    "policy", ["closed:", "invited:x", "domains", "domains:", "domains:a b", "domains:a.org,", "domains:@", "everybody"]
)
def test_a_policy_that_is_none_is_named(policy: str) -> None:
    assert [line.split()[0] for line in _web_complaints(policy)] == ["SIGN_UP"]


def _web_complaints(policy: str) -> list[str]:
    lines = complaints("web", SIGN_UP=policy, MAIL_FROM="chat@example.org")
    return [line for line in lines if line.split()[0] not in NEEDED["web"]]


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ("", SignUp("open")),
        ("closed", SignUp("closed")),
        (
            "domains: Example.ORG,@m\u00fcnchen.example",
            SignUp("domains", frozenset({"example.org", "m\u00fcnchen.example"})),
        ),
    ],
)
def test_a_policy_is_read_with_its_domains_in_their_normal_form(text: str, policy: SignUp) -> None:
    assert read_sign_up(text or "open") == policy


def test_addresses_are_proved_only_where_there_is_mail() -> None:
    assert "MAIL_FROM is missing" in " ".join(complaints("web", SIGN_UP="domains:example.org"))
    assert "MAIL_FROM" not in " ".join(complaints("web", SIGN_UP="domains:example.org", MAIL_DIR="/mails"))


@pytest.mark.parametrize("missing", ["SMTP_URL", "MAIL_FROM", "PUBLIC_URL"])
def test_a_worker_that_is_to_send_mails_names_what_it_misses_for_it(missing: str) -> None:
    told = {"FECHATTER_ENV": "production"} | MAILS
    assert complaints(**told) == []
    assert [line.split()[0] for line in complaints(**told | {missing: ""})] == [missing]


def test_only_the_worker_keeps_the_password_of_the_mail_server() -> None:
    smtp = MAILS | {"SMTP_URL": "smtp://user:secret@mail.example.org"}
    assert read_config("worker", WHOLE | smtp).mail.smtp_url == smtp["SMTP_URL"]
    beat = read_config("beat", WHOLE | smtp)
    assert beat.mail.is_on
    assert beat.mail.smtp_url == ""
    assert "secret" not in repr(beat) + repr(beat.mail)
