"""Calls the task of pushes when this process has relayed messages, or something has become due; without Redis it does
the task's work itself."""

import logging
import threading
from collections.abc import Collection
from time import sleep

from kombu.exceptions import OperationalError as BrokerError
from sqlalchemy.exc import SQLAlchemyError

from fechatter.db import deadline
from fechatter.push.due import is_due
from fechatter.push.fan_out import is_subscribed
from worker.heard import heard
from worker.pushing import push
from worker.resources import engine, redis
from worker.tasks.pushes import send_pushes

log = logging.getLogger(__name__)

EVERY = 5.0
"""Seconds between looks at what has become due."""

TOGETHER = 1.0
"""Seconds in which messages are collected: a chat in which much is said at once makes one push."""

EXPIRES = 60.0
"""Seconds, after which beat has called for the same."""

LONGEST_LOOK = 3.0


class PushWatch:
    """A thread of the process."""

    def start(self) -> None:
        threading.Thread(target=self.run, name="push-watch", daemon=True).start()

    def run(self) -> None:
        """For ever."""
        first = True
        while True:
            if heard.news.wait(0 if first else EVERY):
                sleep(TOGETHER)
            try:
                # At first all: what was relayed while no worker ran has been heard by nobody.
                self.round(None if first else heard.take())
                first = False
            except SQLAlchemyError as error:
                log.debug("no look at pushes: %s", type(error).__name__)  # the sweep reports it
                sleep(EVERY)
            except Exception:
                log.exception("the watch over pushes failed")
                sleep(EVERY)

    def round(self, workspace_ids: Collection[int] | None) -> None:
        with deadline(LONGEST_LOOK):
            if not is_subscribed(engine()):
                return
            if workspace_ids == [] and not redis().is_away and not is_due(engine()):
                return
        # Without Redis notify relays too, and nobody hears of it here.
        if redis().is_away or not self.call(workspace_ids):
            push()

    def call(self, workspace_ids: Collection[int] | None) -> bool:
        """Whether Redis took it."""
        try:
            send_pushes.apply_async([workspace_ids], expires=EXPIRES, retry=False)
        except (BrokerError, OSError):
            return False
        return True
