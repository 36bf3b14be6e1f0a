"""What web and worker agree on in Redis: which workspaces have something to relay, and whether a task is on its way.

Web names the workspace and sends a task only if none is on its way. The task goes on for as long as it finds
workspaces named, so that a thousand posts make one task, and what comes while it relays is relayed together. Whatever
gets lost here is found by the sweep.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from hashlib import sha1
from time import monotonic, sleep
from typing import Any

from redis import Redis
from redis.exceptions import NoScriptError

from fechatter.broker import LONGEST_QUEUE, QUEUE
from fechatter.redis_link import RedisAway, RedisLink

WAITING = "wake:workspaces"
"""A set of ids."""

WAITING_LIVES = 10_000
"""Milliseconds without a post after which it is forgotten: the sweep has been there."""

FLAG = "wake:task"
FLAG_LIVES = 500
"""Milliseconds for which a task that got lost, or whose worker was stopped, holds others back."""

MAIL_FLAG = "wake:mails"
MAIL_FLAG_LIVES = 5_000
"""Milliseconds, as for the other; a mail whose task got lost is found when beat calls for the task."""

AT_ONCE = 16
"""Workspaces that a task takes at a time. Where there are as many, it calls another task to help."""

PAUSE = 0.002
"""Seconds. In a busy installation the next post is there by then, and costs no task of its own."""

BREATH = 0.001
"""Seconds from one call of the relay to the next: more is then relayed together, for less than it takes from others."""

LONGEST = 0.4
"""Seconds after which a task ends, to be followed by another: workers shut down between tasks."""


ASK = """
for at = 4, #ARGV do
    redis.call('SADD', KEYS[1], ARGV[at])
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
local is_first = redis.call('SET', KEYS[2], 1, 'NX', 'PX', ARGV[2])
return is_first and redis.call('LLEN', KEYS[3]) < tonumber(ARGV[3]) and 1 or 0
"""
"""One command for four: with each message web would spend more on making and reading them than Redis does on all."""

ASK_NAME = sha1(ASK.encode(), usedforsecurity=False).hexdigest()


def ask(client: Redis, workspace_ids: Collection[int]) -> bool:
    """Names workspaces whose writes are committed; whether a task must be sent for them."""
    told: list[str | int] = [WAITING, FLAG, QUEUE, WAITING_LIVES, FLAG_LIVES, LONGEST_QUEUE, *workspace_ids]
    try:
        return bool(client.evalsha(ASK_NAME, 3, *told))
    except NoScriptError:  # for this Redis it is the first time
        return bool(client.eval(ASK, 3, *told))


def ask_for_mails(client: Redis) -> bool:
    """After the commit of one; whether a task must be sent for it."""
    asked = client.pipeline(transaction=False)
    asked.set(MAIL_FLAG, 1, nx=True, px=MAIL_FLAG_LIVES)
    asked.llen(QUEUE)
    is_first, waiting = asked.execute()
    return bool(is_first) and int(waiting) < LONGEST_QUEUE


def take_mail_flag(redis: RedisLink) -> None:
    """For the task, before it looks: whoever puts a mail in behind this sends another."""
    with suppress(RedisAway):
        redis.call(lambda client: client.delete(MAIL_FLAG))


def workspaces_waiting(redis: RedisLink, call_for_help: Callable[[], None]) -> Iterator[Collection[int]]:
    """For the task: those to relay, some at a time, until there are no more; none is left without a task at its end.

    `call_for_help` sends another task. Without Redis there simply are no more.
    """
    try:
        until, paused = monotonic() + LONGEST, False
        while monotonic() < until:
            taken = redis.call(_take)
            if len(taken) == AT_ONCE:
                call_for_help()
            if taken:
                yield taken
                sleep(BREATH)
            if not taken and paused:
                break
            paused = not taken
            if paused:
                sleep(PAUSE)
        last = redis.call(_take_last)
        if len(last) == AT_ONCE:
            call_for_help()
        if last:
            yield last
    except RedisAway:
        return


def _take(client: Redis) -> list[int]:
    taken = client.pipeline(transaction=False)
    taken.pexpire(FLAG, FLAG_LIVES)
    taken.spop(WAITING, AT_ONCE)
    return _ids(taken.execute()[1])


def _take_last(client: Redis) -> list[int]:
    """The flag goes first: whoever names a workspace behind this sends a task, and whoever did before is found here."""
    taken = client.pipeline(transaction=True)
    taken.delete(FLAG)
    taken.spop(WAITING, AT_ONCE)
    return _ids(taken.execute()[1])


def _ids(members: Collection[Any]) -> list[int]:
    return [int(member) for member in members]
