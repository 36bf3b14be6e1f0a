"""Signing in, beside bare hashing on the same cores, and whether those who are signed in already are held up by it."""

import os
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from statistics import median

import httpx
import orjson
from argon2 import PasswordHasher

from bench import signin_flood
from bench.chart import Bars
from bench.http_load import Loaded, load, render
from bench.report import Report, Table
from bench.rounds import Sample, Spread, alternate
from bench.setting import Setting
from bench.system import PATIENCE, System
from bench.usage import cpu_seconds
from fechatter.passwords import MEMORY_KIB, PASSES

PEOPLE = 200
"""So that nobody has so many sessions that each sign-in must end one."""

CONNECTIONS = 4
READS = 50
"""A second: little, so that it is the sign-ins that fill the cores."""

PASSWORD = "correct horse battery staple"
SIGN_INS, BARE, READ, BOTH = "sign-ins", "bare Argon2id", "reads alone", "reads while people sign in"
Found = Mapping[str, Mapping[str, Spread]]


def run(setting: Setting) -> Report:
    seconds = setting.size(10, 1)
    with System("web") as system:
        people = People(system, setting.size(PEOPLE, 8))
        people.sign_in(1)
        found = alternate(
            {
                SIGN_INS: partial(people.sign_ins, seconds),
                BARE: partial(_hash, seconds),
                READ: partial(people.reads, seconds),
                BOTH: partial(people.reads_meanwhile, seconds),
            },
            setting.rounds,
        )
        flooded = signin_flood.Flood(system, people.requests).measure(setting)
    rates = {SIGN_INS: found[SIGN_INS]["rate"], BARE: found[BARE]["rate"]}
    return Report(
        "signin",
        f"POST /api/auth/signin over {CONNECTIONS} connections, {os.cpu_count()} cores",
        [_sign_ins(found), _reading(found), signin_flood.table(flooded)],
        signin_flood.targets(flooded),
        charts=[Bars("Passwords checked a second", "per second", rates, [SIGN_INS])],
    )


class People:
    """They have signed up as everyone does. One of them only reads: whoever signs in often is signed out of what is
    oldest."""

    def __init__(self, system: System, count: int) -> None:
        self.url, self.web = system.url("web"), system.pid("web")
        self.requests = list[bytes]()
        for number in range(count):
            person = {"email": f"person{number}@example.org", "password": PASSWORD}
            self._sign_up(person | {"name": f"Person {number}"})
            body = orjson.dumps(person)
            self.requests.append(render("POST", f"{self.url}/api/auth/signin", body, Content_Type="application/json"))
        token = self._sign_up({"email": "reader@example.org", "password": PASSWORD, "name": "Reader"})
        self.reading = render("GET", f"{self.url}/api/users/me", Authorization=f"Bearer {token}")

    def sign_in(self, seconds: float) -> Loaded:
        return load(self.url, self.requests, CONNECTIONS, seconds, expected=(200,))

    def read(self, seconds: float) -> Loaded:
        return load(self.url, [self.reading], CONNECTIONS, seconds, expected=(200,), rate=READS)

    def sign_ins(self, seconds: float) -> Sample:
        before = cpu_seconds([self.web])
        got = self.sign_in(seconds)
        used = cpu_seconds([self.web]) - before
        return {"rate": got.rate, "by cpu": got.count / used, "p50": got.p50, "p99": got.p99, "client": got.client_core}

    def reads(self, seconds: float) -> Sample:
        got = self.read(seconds)
        return {"p50": got.p50, "p99": got.p99}

    def reads_meanwhile(self, seconds: float) -> Sample:
        with ThreadPoolExecutor(1) as pool:
            signing_in = pool.submit(self.sign_in, seconds)
            sample = self.reads(seconds)
            signing_in.result()
        return sample

    def _sign_up(self, person: dict[str, str]) -> str:
        answer = httpx.post(f"{self.url}/api/auth/signup", json=person, timeout=PATIENCE).raise_for_status()
        return str(answer.json()["access_token"])


def _hash(seconds: float) -> Sample:
    """As the product hashes, in a thread for each core; each lets go of Python's lock meanwhile."""
    hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=1)
    hashed, counts, used = hasher.hash(PASSWORD), list[int](), time.process_time()
    began = time.monotonic()

    def check() -> None:
        count = 0
        while time.monotonic() < began + seconds:
            hasher.verify(hashed, PASSWORD)
            count += 1
        counts.append(count)

    threads = [threading.Thread(target=check) for _ in range(os.cpu_count() or 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    total = sum(counts)
    return {"rate": total / (time.monotonic() - began), "by cpu": total / (time.process_time() - used)}


def _sign_ins(found: Found) -> Table:
    ours, bare = found[SIGN_INS], found[BARE]
    share = {key: median(_ratios(ours[key], bare[key])) for key in ("rate", "by cpu")}
    return Table(
        "Signing in",
        ["", "per second", "per CPU second of web", "p50 (ms)", "p99 (ms)"],
        [
            [SIGN_INS, ours["rate"], ours["by cpu"], ours["p50"], ours["p99"]],
            [BARE, bare["rate"], bare["by cpu"], "-", "-"],
            ["sign-ins, as a share of it", share["rate"], share["by cpu"], "-", "-"],
        ],
        f"Argon2id with {PASSES} passes over {MEMORY_KIB // 1024} MiB, on all cores. Each sign-in was answered 200;\n"
        f"the load used {ours['client']} of a core.",
    )


def _reading(found: Found) -> Table:
    return Table(
        f"GET /api/users/me, {READS} a second over {CONNECTIONS} other connections",
        ["", "p50 (ms)", "p99 (ms)"],
        [[name, found[name]["p50"], found[name]["p99"]] for name in (READ, BOTH)],
        "From when a request was due.",
    )


def _ratios(ours: Spread, other: Spread) -> list[float]:
    return [one / another for one, another in zip(ours.values, other.values, strict=True)]
