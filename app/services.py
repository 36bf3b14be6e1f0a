"""What one web process holds: its configuration, its database, its Redis, and what works with them."""

from dataclasses import dataclass
from typing import cast

from flask import current_app
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from app.aside import aside
from app.wakeup import Wakeup
from fechatter.actions.posting import Posting
from fechatter.config import Config
from fechatter.db import make_engine
from fechatter.known_places import KnownPlaces
from fechatter.limits import Limiter
from fechatter.orm import make_sessions
from fechatter.passwords import Passwords, cores
from fechatter.redis_link import RedisLink
from fechatter.refresh_tokens import RefreshTokens
from fechatter.sealing import SecondFactorBox
from frame.waiting import wait_as_greenlets


@dataclass(frozen=True)
class Services:
    """Nothing in here has connected to anything before its first use, nor may any of it cross a fork."""

    config: Config
    engine: Engine
    sessions: sessionmaker[Session]
    reading: sessionmaker[Session]
    posting: Posting
    redis: RedisLink
    wakeup: Wakeup
    limiter: Limiter
    known_places: KnownPlaces
    passwords: Passwords
    refresh_tokens: RefreshTokens
    second_factor_box: SecondFactorBox


def make_services(config: Config) -> Services:
    wait_as_greenlets()
    engine = make_engine(config.database_url, pool=config.web_connections, name="web")
    redis = RedisLink(config.redis_url)
    # As many at once as there are cores, over all processes of web on this machine.
    hashing = max(1, cores() // config.web_concurrency)
    return Services(
        config=config,
        engine=engine,
        sessions=make_sessions(engine),
        reading=make_sessions(engine.execution_options(isolation_level="AUTOCOMMIT")),
        posting=Posting(engine),
        redis=redis,
        wakeup=Wakeup(redis, config.redis_url),
        limiter=Limiter(redis, config.rate_limits),
        known_places=KnownPlaces(redis),
        passwords=Passwords(hashing, aside=aside(hashing)),
        refresh_tokens=RefreshTokens(config.secret_key),
        second_factor_box=SecondFactorBox(config.secret_key),
    )


def services() -> Services:
    """Of the application that answers the present request."""
    return cast(Services, current_app.extensions["fechatter"])
