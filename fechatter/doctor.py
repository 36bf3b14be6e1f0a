"""Looks over an installation from where it stands, and names what is wrong with it."""

from collections.abc import Iterator
from time import time
from typing import Literal, NamedTuple

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from fechatter.config import Config
from fechatter.db import deadline, make_engine, normal_url
from fechatter.durability import SETTINGS as DURABLE
from fechatter.feed.lag import oldest_waiting
from fechatter.readiness import NEEDED_SETTINGS, newest_schema

OLDEST_POSTGRESQL, OLDEST_REDIS = 14, (6, 2)
CLOCKS_APART = 1.0
"""Seconds. Wake-ups older than two are dropped, and whoever takes them may stand on another machine."""

RELAY_LATE = 5.0
"""Seconds after which an event in the outbox says that neither worker nor notify is at work."""

ANSWER_WITHIN = 5.0


class Finding(NamedTuple):
    """`trouble` is what an operator has to mend; `warning` what it should know."""

    verdict: Literal["ok", "warning", "trouble"]
    part: str
    words: str


Findings = Iterator[Finding]


def judge(fine: bool, part: str, words: str, otherwise: Literal["warning", "trouble"] = "trouble") -> Finding:
    return Finding("ok" if fine else otherwise, part, words)


def examine(config: Config) -> Findings:
    """Never raises; takes some seconds for each part that does not answer."""
    yield from examine_postgresql(config)
    yield from examine_redis(config)
    for part, url in (("web", config.public_url), ("notify", config.notify_url)):
        if url:
            yield examine_door(part, url, config.in_production)


def examine_postgresql(config: Config) -> Findings:
    url = make_url(normal_url(config.database_url))
    where = f"{url.host or 'local socket'}:{url.port or 5432}/{url.database}"
    engine = make_engine(config.database_url, pool=1, name="doctor")
    try:
        with deadline(ANSWER_WITHIN * 2), engine.connect() as connection:
            for look in (_version, _schema, _settings, _durability, _clocks, _relay):
                yield from look(connection, where)
    except SQLAlchemyError as error:
        yield Finding("trouble", "PostgreSQL", f"{where} fails: {_first_line(error)}")
    finally:
        engine.dispose()


def _version(connection: Connection, where: str) -> Findings:
    number = int(connection.scalar(text("SELECT current_setting('server_version_num')")) or 0)
    words = f"{where}, version {number // 10000}.{number % 10000}"
    yield judge(number // 10000 >= OLDEST_POSTGRESQL, "PostgreSQL", f"{words} (needed: {OLDEST_POSTGRESQL} or later)")


def _schema(connection: Connection, where: str) -> Findings:
    exists = connection.scalar(text("SELECT to_regclass('alembic_version') IS NOT NULL"))
    version = connection.scalar(text("SELECT version_num FROM alembic_version")) if exists else "none"
    behind = f"schema {version}, this code needs {newest_schema()}: run alembic upgrade head"
    yield judge(version == newest_schema(), "migrations", "at head" if version == newest_schema() else behind)


def _settings(connection: Connection, where: str) -> Findings:
    for name, needed in NEEDED_SETTINGS.items():
        value = connection.scalar(text("SELECT current_setting(:name)"), {"name": name}) or ""
        yield judge(value.lower() == needed.lower(), "settings", f"{name} is {value} (needed: {needed})")


def _durability(connection: Connection, where: str) -> Findings:
    for name, allowed in DURABLE.items():
        value = str(connection.scalar(text("SELECT current_setting(:name)"), {"name": name}))
        safe = value in allowed
        yield judge(safe, "settings", f"{name} is {value}" + ("" if safe else ": a crash loses what was answered"))


def _clocks(connection: Connection, where: str) -> Findings:
    before = time()
    there = float(connection.scalar(text("SELECT extract(epoch FROM clock_timestamp())")) or 0)
    apart = abs(there - (before + time()) / 2)
    yield judge(apart < CLOCKS_APART, "clocks", f"{apart:.1f} s between this machine and PostgreSQL")


def _relay(connection: Connection, where: str) -> Findings:
    if not connection.scalar(text("SELECT to_regclass('outbox') IS NOT NULL")):
        return
    waiting = oldest_waiting(connection)
    yield judge(waiting < RELAY_LATE, "relay", f"the oldest event waits for {waiting:.1f} s")
    # Behind a pooler the name may be another's, so its absence proves nothing.
    seen = connection.scalar(text("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'fechatter worker'"))
    yield judge(bool(seen), "worker", f"{seen} of its connections are open", "warning")


def examine_redis(config: Config) -> Findings:
    if not config.redis_url:
        yield Finding("warning", "Redis", "REDIS_URL is not set here")
        return
    retry = Retry(NoBackoff(), 0)
    client = Redis.from_url(config.redis_url, socket_timeout=2, socket_connect_timeout=2, retry=retry)
    where = client.connection_pool.connection_kwargs
    place = f"{where.get('host') or where.get('path')}:{where.get('port', '')}"
    try:
        version = str(client.info("server")["redis_version"])
    except (RedisError, OSError) as error:
        yield Finding("trouble", "Redis", f"{place} fails: {type(error).__name__}")
        return
    numbers = tuple(int(part) for part in version.split(".")[:2])
    needed = ".".join(map(str, OLDEST_REDIS))
    yield judge(numbers >= OLDEST_REDIS, "Redis", f"{place}, version {version} (needed: {needed} or later)")


def examine_door(part: str, url: str, in_production: bool) -> Finding:
    import httpx  # web knows this command too, and has no other use for a client

    try:
        answer = httpx.get(f"{url}/readyz", timeout=ANSWER_WITHIN)
        status = answer.json()["status"] if answer.status_code in (200, 503) else f"HTTP {answer.status_code}"
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        return Finding("trouble", part, f"{url}/readyz fails: {type(error).__name__}")
    if status == "ok" and in_production and not url.startswith("https:"):
        return Finding("warning", part, f"{url} answers, but not over https: passwords and tokens travel as they are")
    return judge(status == "ok", part, f"{url}/readyz says {status}")


def _first_line(error: SQLAlchemyError) -> str:
    return (str(error.__cause__ or error).strip().splitlines() or [type(error).__name__])[0]
