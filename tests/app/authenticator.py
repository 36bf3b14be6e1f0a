"""An authenticator in somebody's hand, and what its owner does with it."""

import base64
import time
from dataclasses import dataclass, field

from werkzeug.test import TestResponse

from fechatter.one_time_codes import STEP, code_at
from tests.app.signing import PASSWORD, Account

BASE = "/api/auth/second-factor"


@dataclass
class Authenticator:
    """Shows each code once: from the step before the present one on, which is as far as clocks may differ."""

    secret: bytes
    recovery_codes: list[str] = field(default_factory=list)
    last: int = 0

    def code(self) -> str:
        """Of three, since a step is good once; the fourth must wait for the clock."""
        now = time.time()
        # Of a step that is nearly over, the one before it may be too old by the time that it is looked at.
        oldest = int(now) // STEP - (1 if now % STEP < STEP - 8 else 0)
        step = max(self.last + 1, oldest)
        while step > int(time.time()) // STEP + 1:
            time.sleep(0.2)
        self.last = step
        return code_at(self.secret, step)

    def wrong_code(self) -> str:
        present = int(time.time()) // STEP
        right = {code_at(self.secret, present + off) for off in range(-3, 4)}
        return next(code for code in ("000000", "111111", "222222", "333333") if code not in right)


def begin(account: Account) -> Authenticator:
    answer = account.post(BASE, {"password": PASSWORD})
    assert answer.status_code == 201, answer.text
    return Authenticator(base64.b32decode(answer.json["secret"]))


def turn_on(account: Account) -> Authenticator:
    authenticator = begin(account)
    answer = account.post(f"{BASE}/confirm", {"code": authenticator.code()})
    assert answer.status_code == 200, answer.text
    authenticator.recovery_codes = answer.json["recovery_codes"]
    return authenticator


def knock(account: Account, code: str | None = None, password: str = PASSWORD, **options: object) -> TestResponse:
    body = {"email": account.email, "password": password} | ({} if code is None else {"code": code})
    return account.client.post("/api/auth/signin", json=body, **options)  # type: ignore[arg-type]
