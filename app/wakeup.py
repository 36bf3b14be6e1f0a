"""Wakes the relay after a commit, so that events leave within milliseconds; what fails here the sweep makes good."""

import logging
import threading
from collections import deque
from collections.abc import Iterable
from time import sleep

from celery import Celery
from kombu.exceptions import OperationalError
from redis.exceptions import ConnectionError as RedisConnectionError

from fechatter.broker import PRODUCER, QUEUE, RELAY, RELAY_EXPIRES, SEND_MAILS, SETTINGS, broker
from fechatter.redis_link import RedisAway, RedisLink
from fechatter.wakeup import ask, ask_for_mails

log = logging.getLogger(__name__)

MAIL_EXPIRES = 60.0
"""Seconds, after which beat has called for the same."""


class Wakeup:
    """One in a process, made after the fork; safe for threads. A thread of its own does the talking, so that no answer
    waits for Redis; what is asked for while it talks is told of together."""

    def __init__(self, redis: RedisLink, redis_url: str) -> None:
        self.redis = redis
        self.celery = Celery("fechatter", set_as_current=False, fixups=())
        self.celery.conf.update(SETTINGS | broker(redis_url) | PRODUCER, broker_pool_limit=1)
        self._asked: deque[int] = deque()
        self._has_mail = False
        self._work = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def wake(self, workspace_ids: Iterable[int], has_mail: bool = False) -> None:
        """Never raises and never waits; what is to be told is on its way to Redis before the answer is made."""
        self._asked.extend(workspace_ids)
        self._has_mail = self._has_mail or has_mail
        self._work.set()
        if self._thread is None:
            self._start()
        sleep(0)  # lets the thread, or the greenlet that it is, begin

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="wakeup", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            self._work.wait()
            self._work.clear()
            try:
                self.tell()
            except RedisAway:
                log.debug("relay not woken: Redis is away")
            except Exception:
                log.exception("the relay could not be woken")

    def tell(self) -> None:
        """Tells of all that was asked for so far. Raises RedisAway, at once while Redis is known to be away."""
        workspace_ids = set[int]()
        while self._asked:
            workspace_ids.add(self._asked.popleft())
        if workspace_ids:
            self.redis.call(lambda client: self._send(RELAY, RELAY_EXPIRES, ask(client, workspace_ids)))
        has_mail, self._has_mail = self._has_mail, False
        if has_mail:
            self.redis.call(lambda client: self._send(SEND_MAILS, MAIL_EXPIRES, ask_for_mails(client)))

    def _send(self, task: str, expires: float, is_needed: bool) -> None:
        if not is_needed:
            return
        try:
            self.celery.send_task(task, queue=QUEUE, expires=expires, ignore_result=True)
        except (OperationalError, OSError) as error:
            # As redis-py would say it, so that the breaker opens.
            raise RedisConnectionError(str(error)) from error
