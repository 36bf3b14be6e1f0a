"""Sends what is due in `pushes`. As with mails a row is claimed before and crossed off after, and all talking is
outside of any transaction: whoever dies in between sends once more, when the claim is over, and nobody without end.

Nothing here logs an endpoint, a name or a text.
"""

import logging
from collections.abc import Callable, Collection
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Engine

from fechatter.push.addresses import Unsafe
from fechatter.push.connection import Answer
from fechatter.push.due import (
    MOST_ATTEMPTS,
    Claimed,
    Tellable,
    claim,
    cross_off,
    drop,
    end_subscription,
    put_off,
    rest,
    tellable,
    wait_of,
)
from fechatter.push.payload import payload, topic
from fechatter.retention import Budget
from fechatter.shapes import rfc3339

log = logging.getLogger(__name__)

SENDERS = 6
"""At once in a process."""

UNPROVEN = 4
"""Of these, at most for push services that have never taken anything, or failed of late: whoever names some that do not
answer holds up others like it, and not those that work."""

LOOK = 0.25
"""Seconds after which those who are free look for more while others are at work."""

SURELY_HERE = 40
"""Seconds that must lie between a message and the last word of a live stream: a line that broke without a word is
found out within 15 + 20 s by the heartbeat and the system, and 3 s later the person has left."""

LOOK_AGAIN = 15
"""Seconds, where it is not yet known whether a stream was live."""

FIRST_PAUSE, LONGEST_PAUSE = 15, 3600
"""Seconds that a subscription rests after its first failure, twice as long after each further one."""

LONGEST_ASKED_FOR = 86_400
"""Seconds that a push service can make us wait."""

LIVES = 86_400
"""Seconds behind the message for which the push service may wait for the browser."""

Outcome = Literal["sent", "dropped", "put_off", "failed", "refused", "gone"]
Deliver = Callable[[Tellable, bytes, dict[str, str]], Answer]
"""Encrypts, signs and sends. Raises Unsafe, or another OSError."""

LastHere = Callable[[int], float | None]
"""When some process last held a live stream of this person, in seconds since 1970; None: nobody does, or who knows."""


@dataclass(frozen=True)
class Sending:
    engine: Engine
    deliver: Deliver
    last_here: LastHere

    def send_due(self, budget: Budget, count: Callable[[Outcome], object] = lambda outcome: None) -> None:
        """All that are due, several at once; also those that become due while some are under way."""
        with ThreadPoolExecutor(SENDERS, "push") as pool:
            under_way = dict[Future[Outcome], Claimed]()
            while True:
                while len(under_way) < SENDERS and not budget.is_spent and (push := self._next(under_way.values())):
                    under_way[pool.submit(self.send, push)] = push
                if not under_way:
                    return
                done, _ = wait(under_way, LOOK, FIRST_COMPLETED)
                for one in done:
                    del under_way[one]
                    count(one.result())

    def _next(self, under_way: Collection[Claimed]) -> Claimed | None:
        unproven = sum(not push.is_proven for push in under_way)
        return claim(self.engine, proven=unproven >= UNPROVEN)

    def send(self, push: Claimed) -> Outcome:
        told = tellable(self.engine, push)
        if told is None or push.attempts > MOST_ATTEMPTS:
            drop(self.engine, push)
            return "dropped"
        if pause := wait_of(self.engine, push):
            put_off(self.engine, push, pause)
            return "put_off"
        if (seen := self.last_here(told.user_id)) is not None:
            return self._is_here(push, told, seen)
        try:
            answer = self.deliver(told, payload(facts(push, told), told.content), headers(push, told))
        except Unsafe as no:
            return self._refused(push, told, str(no))
        except OSError as error:
            return self._failed(push, told, type(error).__name__)
        return self._judge(push, told, answer)

    def _is_here(self, push: Claimed, told: Tellable, seen: float) -> Outcome:
        """A process that was killed is believed for a while: only what it says well after the message counts."""
        if seen >= told.created_at.timestamp() + SURELY_HERE:
            drop(self.engine, push)
            return "dropped"
        put_off(self.engine, push, LOOK_AGAIN)
        return "put_off"

    def _judge(self, push: Claimed, told: Tellable, answer: Answer) -> Outcome:
        status = answer.status_code
        if 200 <= status < 300:
            cross_off(self.engine, push)
            return "sent"
        if status in (404, 410):
            end_subscription(self.engine, push)
            return "gone"
        if status == 429 or status >= 500:
            return self._failed(push, told, str(status), answer.retry_after)
        return self._refused(push, told, str(status))

    def _failed(self, push: Claimed, told: Tellable, why: str, asked: int | None = None) -> Outcome:
        log.warning("push %d did not leave, attempt %d: %s", push.id, push.attempts, why)
        pause = max(pause_after(told.failures), min(asked or 0, LONGEST_ASKED_FOR))
        rest(self.engine, push, pause, is_final=False)
        return "failed"

    def _refused(self, push: Claimed, told: Tellable, why: str) -> Outcome:
        """A redirect is one too: where it leads nobody has checked."""
        log.warning("push %d was refused: %s", push.id, why)
        rest(self.engine, push, pause_after(told.failures), is_final=True)
        return "refused"


def pause_after(failures: int) -> int:
    return int(min(FIRST_PAUSE * 2 ** min(failures, 20), LONGEST_PAUSE))


def facts(push: Claimed, told: Tellable) -> dict[str, Any]:
    return {
        "workspace_id": told.workspace_id,
        "chat_id": push.chat_id,
        "chat_type": told.chat_type,
        "chat_name": told.chat_name,
        "message_id": told.message_id,
        "sender_name": told.sender_name,
        "at": rfc3339(told.created_at),
    }


def headers(push: Claimed, told: Tellable) -> dict[str, str]:
    age = int((datetime.now(UTC) - told.created_at).total_seconds())
    return {
        "content-type": "application/octet-stream",
        "topic": topic(told.auth, push.chat_id),
        "ttl": str(max(60, LIVES - age)),
        "urgency": "high" if told.chat_type == "single" else "normal",
    }
