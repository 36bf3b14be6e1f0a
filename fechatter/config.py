"""The environment, read once into one frozen object that names each variable it misses or cannot read."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args
from urllib.parse import urlsplit

from fechatter.mail.settings import MailSettings, read_mail
from fechatter.proxies import MOST as MOST_PROXIES
from fechatter.proxies import Trusted, read_trusted
from fechatter.push.settings import PushSettings, read_push
from fechatter.sign_up import SignUp, read_sign_up

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

Door = Literal["release", "web", "notify", "worker", "beat"]

NEEDED: Mapping[Door, tuple[str, ...]] = {
    "release": ("DATABASE_URL",),
    "web": ("DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "NOTIFY_URL", "JWT_PRIVATE_KEY", "SECRET_KEY"),
    "notify": ("DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "JWT_PUBLIC_KEY"),
    "worker": ("DATABASE_URL", "REDIS_URL"),
    "beat": ("DATABASE_URL", "REDIS_URL"),
}
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
SHORTEST_SECRET = 32
ORIGIN = re.compile(r"[a-zA-Z][\w+.-]*://[^/?#@*\s\\]+")
PORT = re.compile(r"(\[[^\]]*\]|[^:/?]*)(:[0-9]{0,5})?([/?].*)?")
"""A host, which may be an IPv6 address, perhaps a port, and what comes behind."""
SOCKETS = ("unix", "postgresql", "postgres", "postgresql+psycopg2")
"""What may be reached without a host."""
RISK = "messages-may-be-lost"
"""What an operator has to write out to run on a PostgreSQL that may forget what it has committed."""


class BadConfig(Exception):
    """Some variables are missing or malformed; the message has one line for each."""

    def __init__(self, complaints: list[str]) -> None:
        super().__init__("The environment is not complete:\n" + "\n".join(f"  {line}" for line in complaints))
        self.complaints = complaints


@dataclass(frozen=True, repr=False)
class Config:
    """What one process was told. No repr: it holds secrets."""

    door: Door
    environment: Literal["development", "production"]
    database_url: str
    unsafe_postgresql: bool
    redis_url: str
    public_url: str
    notify_url: str
    private_key: "Ed25519PrivateKey | None"
    public_keys: "Mapping[str, Ed25519PublicKey]"
    secret_key: str
    web_concurrency: int
    web_connections: int
    cors_origins: tuple[str, ...]
    log_level: str
    rate_limits: bool
    trusted_proxies: Trusted
    metrics_token: str
    metrics_port: int
    sign_up: SignUp
    mail: MailSettings
    push: PushSettings

    @property
    def in_production(self) -> bool:
        return self.environment == "production"


class Reader:
    """Reads variables one by one and collects a complaint for each that is wrong."""

    def __init__(self, environ: Mapping[str, str], needed: tuple[str, ...]) -> None:
        self.environ, self.needed, self.complaints = environ, needed, list[str]()

    def text(self, name: str, default: str = "") -> str:
        value = self.environ.get(name, "").strip()
        if not (value or default) and name in self.needed:
            self.complaints.append(f"{name} is missing")
        return value or default

    def one_of(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        value = self.text(name, default)
        if value not in allowed:
            self.complaints.append(f"{name} must be one of {', '.join(filter(None, allowed))}")
        return value

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        value = self.text(name, str(default))
        if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
            self.complaints.append(f"{name} must be a whole number from {least} to {most}")
            return default
        return int(value)

    def url(self, name: str, schemes: tuple[str, ...], default: str = "") -> str:
        value = self.text(name, default)
        if value and not _is_url(value, schemes):
            self.complaints.append(f"{name} must be a URL that begins with {' or '.join(s + '://' for s in schemes)}")
        return value.rstrip("/") if schemes[0].startswith("http") else value

    def site(self, name: str, default: str, *, path: bool = False) -> str:
        """An address that other paths are put behind."""
        value = self.url(name, ("http", "https"), default)
        if set(value.partition("://")[2]) & set("?#@\\ " if path else "/?#@\\ "):
            self.complaints.append(f"{name} must have nothing behind {'its path' if path else 'its host and port'}")
        return value

    def origins(self, name: str) -> tuple[str, ...]:
        values = tuple(value.rstrip("/") for value in self.text(name).replace(",", " ").split())
        if not all(value == "*" or ORIGIN.fullmatch(value) for value in values):
            self.complaints.append(f"{name} must be origins like https://chat.example.org, or *")
        return values

    def secret(self, name: str) -> str:
        value = self.text(name)
        if value and len(value) < SHORTEST_SECRET:
            self.complaints.append(f"{name} must have at least {SHORTEST_SECRET} characters")
        return value

    def pem(self, name: str) -> bytes:
        return self.text(name).replace("\\n", "\n").encode()

    def policy(self, name: str) -> SignUp:
        policy = read_sign_up(self.text(name, "open"))
        if policy is None:
            self.complaints.append(f"{name} must be open, invited, closed or domains:example.org,other.net")
        return policy or SignUp("closed")

    def proxies(self, name: str) -> Trusted:
        trusted = read_trusted(self.text(name, "0"))
        if trusted is None:
            self.complaints.append(f"{name} must be a whole number up to {MOST_PROXIES}, or networks like 10.0.0.0/8")
        return trusted or 0

    def keys(self) -> "tuple[Ed25519PrivateKey | None, Mapping[str, Ed25519PublicKey]]":
        """Of the doors that sign access tokens or check them; the others do without the library for it.

        Public ones by the name that tokens call them by: while one follows another there are several.
        """
        private_pem, public_pem = self.pem("JWT_PRIVATE_KEY"), self.pem("JWT_PUBLIC_KEY")
        if not any(name.startswith("JWT_") for name in self.needed) or not (private_pem or public_pem):
            return None, {}
        from fechatter.keys import key_id, read_private_key, read_public_keys

        private, public = read_private_key(private_pem), read_public_keys(public_pem)
        if private_pem and not private:
            self.complaints.append("JWT_PRIVATE_KEY must be an Ed25519 private key in PEM")
        if public_pem and not public:
            self.complaints.append("JWT_PUBLIC_KEY must be an Ed25519 public key in PEM, or several")
        if private:
            own = private.public_key()
            if public and key_id(own) not in public:
                self.complaints.append("JWT_PUBLIC_KEY does not belong to JWT_PRIVATE_KEY")
            public = public or {key_id(own): own}
        return private, public


def _is_url(value: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(value)
        named = bool(parts.hostname) or parts.scheme in SOCKETS
        return parts.scheme in schemes and named and PORT.fullmatch(_behind_password(value)) is not None
    except ValueError:
        return False


def _behind_password(value: str) -> str:
    """By hand: PostgreSQL's passwords may hold what urlsplit stumbles over."""
    return value.partition("://")[2].rpartition("@")[2]


def _redis_url(read: Reader) -> str:
    """Hosts that give out `rediss://` with a certificate nobody has signed need REDIS_TLS_VERIFY=off."""
    url = read.url("REDIS_URL", ("redis", "rediss", "unix"))
    if read.one_of("REDIS_TLS_VERIFY", ("on", "off"), "on") == "on" or not url.startswith("rediss:"):
        return url
    return f"{url}{'&' if '?' in url else '?'}ssl_cert_reqs=none"


def read_config(door: Door, environ: Mapping[str, str] = os.environ) -> Config:
    """The configuration of one process. Raises BadConfig, which names every missing or malformed variable."""
    needed = NEEDED[door]
    read = Reader(environ, needed)
    environment = read.one_of("FECHATTER_ENV", ("development", "production"), "production")
    port = read.whole("PORT", 8000, 1, 65535)
    local = environment == "development"
    private_key, public_keys = read.keys()
    limits = read.one_of("RATE_LIMITS", ("on", "off"), "on")
    if limits == "off" and not local:
        read.complaints.append("RATE_LIMITS may be off only where FECHATTER_ENV is development")
    public_url = read.site("PUBLIC_URL", f"http://localhost:{port}" if local else "")
    mail, sign_up = read_mail(read, door, public_url), read.policy("SIGN_UP") if door == "web" else SignUp()
    if sign_up.checks_addresses and not mail.is_on:
        read.complaints.append("MAIL_FROM is missing, and SIGN_UP wants addresses proved by mail")
    config = Config(
        door=door,
        environment="development" if local else "production",
        database_url=read.url("DATABASE_URL", ("postgresql", "postgres", "postgresql+psycopg2")),
        unsafe_postgresql=read.one_of("UNSAFE_POSTGRESQL", ("", RISK), "") == RISK,
        redis_url=_redis_url(read),
        public_url=public_url,
        notify_url=read.site("NOTIFY_URL", f"http://localhost:{port + 1}" if local else "", path=True),
        private_key=private_key,
        public_keys=public_keys,
        secret_key=read.secret("SECRET_KEY"),
        web_concurrency=read.whole("WEB_CONCURRENCY", 2, 1, 64),
        web_connections=read.whole("WEB_CONNECTIONS", 6, 1, 256),
        cors_origins=read.origins("CORS_ORIGINS"),
        log_level=read.one_of("LOG_LEVEL", LOG_LEVELS, "INFO"),
        rate_limits=limits == "on",
        trusted_proxies=read.proxies("TRUSTED_PROXIES"),
        metrics_token=read.text("METRICS_TOKEN"),
        metrics_port=read.whole("METRICS_PORT", 0, 0, 65535),
        sign_up=sign_up,
        mail=mail,
        push=read_push(read, door, public_url, mail),
    )
    if read.complaints:
        raise BadConfig(read.complaints)
    return config


assert set(NEEDED) == set(get_args(Door))
