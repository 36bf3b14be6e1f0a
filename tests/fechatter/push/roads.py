"""What the worker asks for pushes; the plans are looked at in `tests/fechatter/test_query_plans.py`."""

from collections.abc import Callable

from sqlalchemy import Engine

from fechatter.push import due
from fechatter.push.due import Claimed
from fechatter.push.fan_out import fan_out, is_subscribed

A_PUSH = Claimed(7, 7, 1, 1, True)
PUSH_ROADS: dict[str, Callable[[Engine], object]] = {
    "a push that is due": lambda engine: due.claim(engine),
    "whether a push is due": due.is_due,
    "what a push says": lambda engine: due.tellable(engine, A_PUSH),
    "how long a push waits": lambda engine: due.wait_of(engine, A_PUSH),
    "what a push rests": lambda engine: due.rest(engine, A_PUSH, 1, is_final=False),
    "a push that was sent": lambda engine: due.cross_off(engine, A_PUSH),
    "whether anybody wants pushes": is_subscribed,
    "what is to be pushed": lambda engine: fan_out(engine, 1),
}
