"""What gunicorn's master makes for all workers, and what each has of its own."""

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.app.test_gunicorn import Web, serving
from tests.doors import until

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks into /proc")


@pytest.fixture(scope="module")
def web(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with serving(tmp_path_factory.mktemp("web"), DATABASE_URL=database_url, WEB_CONCURRENCY="2") as web:
        httpx.get(f"{web.url}/readyz")
        yield web


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def descriptors(pid: int, kind: str) -> list[str]:
    """Of this kind, as /proc names them: two processes that share one see the same name."""
    folder = Path(f"/proc/{pid}/fd")
    return [name for entry in folder.iterdir() if (name := os.readlink(entry)).startswith(kind)]


def test_the_master_has_connected_to_nothing(web: Web) -> None:
    """What it had opened, all its workers would share."""
    assert len(descriptors(web.process.pid, "socket:")) == 1  # the one that all of them listen on


def test_workers_share_no_socket_but_the_one_they_listen_on(web: Web) -> None:
    one, other = (set(descriptors(pid, "socket:")) for pid in children(web.process.pid))
    assert one & other == set(descriptors(web.process.pid, "socket:"))


def test_what_all_share_is_laid_out_before_the_fork(web: Web) -> None:
    """Half of what a worker holds, which a worker that made all of it for itself would have alone."""
    for pid in children(web.process.pid):
        told = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
        kib = {name: int(value.split()[0]) for name, value in told.items()}
        assert kib["Shared_Dirty"] > 0.45 * kib["Anonymous"]


def test_a_worker_that_was_killed_is_replaced_by_one_that_answers(web: Web) -> None:
    before = children(web.process.pid)
    os.kill(before[0], 9)
    until(lambda: len(set(children(web.process.pid)) - set(before)) == 1, 60, "another worker")
    for _ in range(20):
        assert httpx.get(f"{web.url}/readyz", timeout=30).is_success
