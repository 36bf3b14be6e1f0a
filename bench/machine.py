"""The machine, the versions, and how much others used the machine meanwhile."""

import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Self

from launcher.binaries import find_postgres, find_redis
from launcher.servers import kind_from_environment

LIBRARIES = ("flask", "gunicorn", "gevent", "SQLAlchemy", "psycopg2-binary", "celery", "redis")


def describe() -> dict[str, str]:
    model = next((line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if "model name" in line), "?")
    memory = int(next(line.split()[1] for line in _lines("/proc/meminfo") if line.startswith("MemTotal"))) / 2**20
    kind = kind_from_environment()
    postgres, redis = find_postgres(kind), find_redis(kind)
    return {
        "machine": f"{os.cpu_count()} x {model}, {memory:.0f} GiB, {platform.system()} {platform.release()}",
        "versions": ", ".join(
            [
                f"Python {platform.python_version()}",
                f"PostgreSQL {postgres.version[0]}.{postgres.version[1]}",
                f"Redis {redis.version[0]}.{redis.version[1]}",
                *(f"{name} {version(name)}" for name in LIBRARIES),
            ]
        ),
        "command": "bin/bench " + " ".join(sys.argv[1:]),
    }


class Pressure:
    """Load average and stolen time over a block."""

    def __enter__(self) -> Self:
        self.before, self.began = os.getloadavg()[0], _ticks()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.after, self.ended = os.getloadavg()[0], _ticks()

    def told(self) -> dict[str, str]:
        spent = [after - before for before, after in zip(self.began, self.ended, strict=True)]
        steal = 100 * spent[7] / max(1, sum(spent[:8]))
        return {"load": f"load average {self.before:.1f} before, {self.after:.1f} after; {steal:.1f} % stolen"}


def _ticks() -> list[int]:
    """user nice system idle iowait irq softirq steal, of all cores together."""
    return [int(word) for word in _lines("/proc/stat")[0].split()[1:9]]


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines()
