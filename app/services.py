"""What one web process holds: its configuration, its database, its Redis, and what works with them."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, cast

from flask import current_app
from gevent import get_hub
from gevent.monkey import is_module_patched
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from app.wakeup import Wakeup
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

T = TypeVar("T")


BEHIND_OTHERS = 10
"""The niceness of threads that hash: on cores that are all taken, whoever answers others goes first."""


def in_a_real_thread(work: Callable[[], T]) -> T:
    """Beside gevent's loop, where there is one: 30 ms of hashing would stop every other request."""
    if not is_module_patched("threading"):
        return work()
    return cast(T, get_hub().threadpool.apply(_behind_others, (work,)))


def _behind_others(work: Callable[[], T]) -> T:
    if sys.platform == "linux":  # where it is a thread's own, and not the whole process's
        os.setpriority(os.PRIO_PROCESS, 0, BEHIND_OTHERS)
    return work()


@dataclass(frozen=True)
class Services:
    """Nothing in here has connected to anything before its first use, nor may any of it cross a fork."""

    config: Config
    engine: Engine
    sessions: sessionmaker[Session]
    reading: sessionmaker[Session]
    redis: RedisLink
    wakeup: Wakeup
    limiter: Limiter
    known_places: KnownPlaces
    passwords: Passwords
    refresh_tokens: RefreshTokens
    second_factor_box: SecondFactorBox


def make_services(config: Config) -> Services:
    wait_as_greenlets()
    engine = make_engine(config.database_url, pool=config.web_connections, name="web", spare=2)
    redis = RedisLink(config.redis_url)
    return Services(
        config=config,
        engine=engine,
        sessions=make_sessions(engine),
        reading=make_sessions(engine.execution_options(isolation_level="AUTOCOMMIT")),
        redis=redis,
        wakeup=Wakeup(redis, config.redis_url),
        limiter=Limiter(redis, config.rate_limits),
        known_places=KnownPlaces(redis),
        # As many at once as there are cores, over all processes of web on this machine.
        passwords=Passwords(max(1, cores() // config.web_concurrency), aside=in_a_real_thread),
        refresh_tokens=RefreshTokens(config.secret_key),
        second_factor_box=SecondFactorBox(config.secret_key),
    )


def services() -> Services:
    """Of the application that answers the present request."""
    return cast(Services, current_app.extensions["fechatter"])
