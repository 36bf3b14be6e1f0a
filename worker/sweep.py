"""Relays, without the broker, every event that has missed its wake-up; works with Redis away."""

import logging
import random
import threading

from sqlalchemy import Engine, event
from sqlalchemy.exc import SQLAlchemyError

from fechatter.db import deadline
from fechatter.feed.epoch import check_epoch
from fechatter.feed.relay import MOST, Publish, relay_once, stale_workspaces
from worker.measures import BY_SWEEP

log = logging.getLogger(__name__)

EVERY = (0.7, 1.0)
"""Seconds between rounds, at random, so that several workers do not sweep in step."""

LONGEST = 3.0
"""Seconds that one statement may take."""


class Sweep:
    """A thread that does `round` for ever, whatever PostgreSQL says to it."""

    def __init__(self, engine: Engine, publish: Publish) -> None:
        self.engine, self.publish = engine, publish
        self.failing = False
        self.met_anew = threading.Event()
        self.met_anew.set()
        event.listen(engine, "connect", lambda *_: self.met_anew.set())

    def start(self) -> None:
        threading.Thread(target=self.run, name="sweep", daemon=True).start()

    def run(self) -> None:
        pause = threading.Event()
        while True:
            if not self.try_round():
                pause.wait(random.uniform(*EVERY))  # noqa: S311 - jitter

    def try_round(self) -> bool:
        """Whether more is waiting. A failure is logged when it begins and when it ends, not each second."""
        try:
            more = self.round()
        except SQLAlchemyError as error:
            if not self.failing:
                log.error("sweep: PostgreSQL fails, trying on: %s", reason(error))
            self.failing = True
            return False
        if self.failing:
            log.warning("sweep: PostgreSQL works again")
        self.failing = False
        return more

    def round(self) -> bool:
        """One batch for each workspace, so that a long backlog of one does not hold up the others.

        Raises the last failure, but only after every workspace had its turn.
        """
        self.greet()
        with deadline(LONGEST):
            waiting = stale_workspaces(self.engine)
        random.shuffle(waiting)
        failure, more = None, False
        for workspace_id in waiting:
            try:
                more = self.relay(workspace_id) == MOST or more
            except SQLAlchemyError as error:
                failure = error
        if failure:
            raise failure
        return more

    def relay(self, workspace_id: int) -> int:
        """The number of events moved; none of a feed that another is relaying just now."""
        with deadline(LONGEST):
            relayed = relay_once(self.engine, [workspace_id], wait=False)
        if relayed.batches:
            self.publish(relayed.batches)
            BY_SWEEP.inc(relayed.moved)
        return relayed.moved

    def greet(self) -> None:
        """Each new connection may have led to another PostgreSQL: a restored one, or a standby that took over."""
        if not self.met_anew.is_set():
            return
        try:
            with deadline(LONGEST), self.engine.begin() as connection:
                self.met_anew.clear()
                renewed = check_epoch(connection)
        except SQLAlchemyError:
            self.met_anew.set()
            raise
        if renewed:
            log.warning("PostgreSQL is another one than before: all streams start afresh")


def reason(error: SQLAlchemyError) -> str:
    """The first line, which names what failed; what may follow in DETAIL is not for logs."""
    return (str(error.__cause__ or error).strip().splitlines() or [type(error).__name__])[0]
