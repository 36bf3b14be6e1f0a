"""What a stretch of work has cost: CPU of each process, and what PostgreSQL has written."""

from collections.abc import Mapping
from types import TracebackType
from typing import Self

from sqlalchemy import Engine, text

from bench.usage import cpu_seconds

# Transactions that write, by the numbers that PostgreSQL gives to them; one that only reads has none.
SO_FAR = "SELECT pg_current_wal_insert_lsn() - '0/0', pg_snapshot_xmax(pg_current_snapshot())::text::bigint"


class Costs:
    """Of a `with` block. `pids` are processes by their names, each with its children."""

    def __init__(self, engine: Engine, pids: Mapping[str, int]) -> None:
        self.engine, self.pids = engine, pids

    def __enter__(self) -> Self:
        self.written, self.used = self._written(), self._used()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind:
            return
        used, written = self._used(), self._written()
        self.cpu = {name: used[name] - before for name, before in self.used.items()}
        self.wal, self.transactions = (after - before for after, before in zip(written, self.written, strict=True))

    @property
    def all_cpu(self) -> float:
        return sum(self.cpu.values())

    def _used(self) -> Mapping[str, float]:
        return {name: cpu_seconds([pid]) for name, pid in self.pids.items()}

    def _written(self) -> tuple[float, float]:
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            wal, transactions = connection.execute(text(SO_FAR)).one()
        return float(wal), float(transactions)
