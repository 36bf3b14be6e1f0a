"""A PostgreSQL of our own: its data made once, its process ready to start, its database there when asked for."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path
from types import MappingProxyType

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor

from launcher.account import account_for, give, open_folder, runnable
from launcher.binaries import Kind, find_postgres
from launcher.errors import LaunchError
from launcher.keys import kept_secret
from launcher.leftovers import birth
from launcher.ports import kept_port
from launcher.process import Process

NAME = "fechatter"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    # Room for all doors of one machine, in memory that a laptop can spare.
    "max_connections": "200",
    "shared_buffers": "48MB",
    "max_wal_size": "256MB",
    "jit": "off",
    # Nobody subscribes: one process less.
    "max_logical_replication_workers": "0",
    # Refused rows are everyday answers of the API, and their log lines would show what people wrote.
    "log_min_messages": "fatal",
}
# For servers that are thrown away: nothing of them needs to outlive a power cut.
THROW_AWAY = {"fsync": "off", "full_page_writes": "off"}


class Postgres:
    """The server whose data stands in `folder`; `durable` is for data that somebody wants to keep. `settings` are its
    own, over ours."""

    def __init__(
        self,
        folder: Path,
        kind: Kind,
        *,
        durable: bool,
        output: int | None = None,
        settings: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.folder = folder
        self.settings = SETTINGS | ({} if durable else THROW_AWAY) | dict(settings)
        self.data = folder / "data"
        self.account = account_for(folder)
        self.binary = find_postgres(kind, self._major())
        self.program = runnable(self.binary, self.account)
        self.port = kept_port(folder.parent / "ports.json", "postgres")
        self._init_if_new(durable)
        _remove_stale_lock(self.data)
        self.process = self._process(output)

    @property
    def url(self) -> str:
        """What DATABASE_URL is to be: the database as its owner, who is no superuser."""
        return f"postgresql://{NAME}:{kept_secret(self.folder / 'password')}@127.0.0.1:{self.port}/{NAME}"

    def is_ready(self) -> bool:
        """Whether it takes connections; the role and the database are there when it does."""
        if not self._says_ready():
            return False
        try:
            password = kept_secret(self.folder / "superuser-password")
            address = f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres connect_timeout=2"
            connection = psycopg2.connect(address, password=password)
        except psycopg2.OperationalError as error:
            if "authentication failed" in str(error):
                raise LaunchError(f"{self.folder}/superuser-password is not that of the database beside it.") from error
            return False
        connection.autocommit = True
        with closing(connection), connection.cursor() as cursor:
            self._ensure_database(cursor)
        return True

    def _says_ready(self) -> bool:
        """Whether its lock file says so, which asks without a connection that it would have to refuse."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[0] == str(self.process.pid) and lines[7].strip() == "ready"

    def _ensure_database(self, cursor: Cursor) -> None:
        name = sql.Identifier(NAME)
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (NAME,))
        verb = "ALTER" if cursor.fetchone() else "CREATE"
        role = sql.SQL(verb + " ROLE {} LOGIN CREATEDB PASSWORD {}")
        cursor.execute(role.format(name, sql.Literal(kept_secret(self.folder / "password"))))
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (NAME,))
        if not cursor.fetchone():
            cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, name))

    def _major(self) -> int | None:
        """The version that made the data, the only one that may open it."""
        with suppress(FileNotFoundError):
            return int((self.data / "PG_VERSION").read_text())
        return None

    def _init_if_new(self, durable: bool) -> None:
        if (self.data / "PG_VERSION").exists():
            return
        self.folder.mkdir(mode=0o700, exist_ok=True)
        draft = self.folder / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        kept_secret(self.folder / "superuser-password")
        for path in (self.folder, draft, self.folder / "superuser-password"):
            give(path, self.account)
        self._initdb(draft, durable)
        draft.rename(self.data)

    def _initdb(self, draft: Path, durable: bool) -> None:
        name, keep = open_folder(draft, self.account)
        command = [str(self.program.with_name("initdb")), "-D", name, "-U", "postgres", "-E", "UTF8", "--locale=C"]
        command += ["--auth=scram-sha-256", f"--pwfile={name}/../superuser-password", "--no-instructions"]
        with tempfile.TemporaryFile() as log:
            process = Process(
                "initdb",
                command if durable else [*command, "--no-sync"],
                environment=_environment(),
                folder=Path("/"),
                account=self.account,
                keep=keep,
                output=log.fileno(),
            )
            with process:
                status = process.wait()
            log.seek(0)
            if status:
                raise LaunchError(f"{command[0]} could not make a database:\n{log.read().decode(errors='replace')}")
        for descriptor in keep:
            os.close(descriptor)

    def _process(self, output: int | None) -> Process:
        name, keep = open_folder(self.data, self.account)
        options = [part for key, value in self.settings.items() for part in ("-c", f"{key}={value}")]
        return Process(
            "postgres",
            [str(self.program), "-D", name, "-p", str(self.port), *options],
            environment=_environment(),
            # Not the data folder: releases before 16 step out of where they start and back by its full name.
            folder=Path("/"),
            account=self.account,
            keep=keep,
            # The fast shutdown; SIGTERM would wait for all clients to go.
            stop_signal=signal.SIGINT,
            output=output,
            # Web has a core for as long as it takes to hand on a few requests; a backend that pushed it aside for each
            # would make one core change between them twice as often, and a sixth fewer messages be posted.
            polite=True,
        )


def _environment() -> dict[str, str]:
    """Ours without what libpq and postgres would read from it."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}


def _remove_stale_lock(data: Path) -> None:
    """PostgreSQL takes any process that has the id in its lock file for itself; look more closely."""
    lock = data / "postmaster.pid"
    if not lock.exists():
        return
    pid = int((lock.read_text().split() or ["0"])[0])
    if pid and birth(pid) and _is_postgres_of(pid, data):
        raise LaunchError(f"Another PostgreSQL (process {pid}) already runs on {data}; stop it first.")
    lock.unlink()


def _is_postgres_of(pid: int, data: Path) -> bool:
    link = Path(f"/proc/{pid}/cwd")
    if link.parent.exists():
        return link.resolve() == data.resolve()
    shown = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True)
    return "postgres" in shown.stdout
