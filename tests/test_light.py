"""No process carries in its memory what only others need; each of these takes megabytes."""

import subprocess
import sys

import pytest

CARRIED = {
    "wsgi": ("httpx", "alembic", "prompt_toolkit", "pywebpush", "worker", "notify"),
    "notify.application": ("httpx", "alembic", "celery", "marshmallow", "limits", "app"),
    "worker.__main__": (
        *("httpx", "alembic", "prompt_toolkit", "cryptography", "flask", "gevent", "sqlalchemy.orm"),
        *("pywebpush", "py_vapid", "requests", "aiohttp"),
    ),
    "worker.beat": ("httpx", "alembic", "prompt_toolkit", "cryptography", "sqlalchemy", "psycopg2", "flask"),
}


@pytest.mark.parametrize("entry", CARRIED)
def test_a_process_carries_nothing_that_only_others_need(entry: str) -> None:
    code = f"import sys, {entry}; print(*sorted(name for name in {CARRIED[entry]} if name in sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (found.stdout.strip(), found.stderr) == ("", "")
