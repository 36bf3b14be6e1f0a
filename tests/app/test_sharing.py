"""gunicorn's master makes what all workers share, and still looks after them as it would else."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.app.test_gunicorn import Web, serving
from tests.doors import until

pytestmark = pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="this system has no smaps")


@pytest.fixture(scope="module")
def web(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with serving(tmp_path_factory.mktemp("web"), DATABASE_URL=database_url, WEB_CONCURRENCY="2") as web:
        yield web


def _workers(web: Web) -> list[int]:
    master = web.process.pid
    return [int(pid) for pid in Path(f"/proc/{master}/task/{master}/children").read_text().split()]


def _megabytes(pid: int, kind: str) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(f"{kind}:")) / 1024


def test_workers_share_what_they_have_imported(web: Web) -> None:
    for worker in _workers(web):
        assert _megabytes(worker, "Shared_Dirty") > 15


def _libraries(pid: int) -> set[str]:
    """The files of those that are loaded, but for Python's own: some of these wait for their first use."""
    lines = Path(f"/proc/{pid}/maps").read_text().splitlines()
    return {line.split()[-1] for line in lines if "site-packages" in line and ".so" in line}


def test_workers_load_no_library_by_themselves(web: Web) -> None:
    """The application is there before they are: of what it needs nothing is left to be loaded by each."""
    httpx.get(f"{web.url}/readyz")
    for worker in _workers(web):
        assert _libraries(worker) - _libraries(web.process.pid) == set()
        assert _libraries(worker)


def _sockets(pid: int) -> set[str]:
    """As /proc names them: two processes that share one see the same name."""
    names = map(os.readlink, Path(f"/proc/{pid}/fd").iterdir())
    return {name for name in names if name.startswith("socket:")}


def test_workers_share_no_socket_but_the_one_they_listen_on(web: Web) -> None:
    """Whatever the master had connected to, all of them would."""
    httpx.get(f"{web.url}/readyz")
    one, other = map(_sockets, _workers(web))
    assert one & other == _sockets(web.process.pid)
    assert len(one & other) == 1


def test_a_worker_that_dies_is_replaced(web: Web) -> None:
    first, second = _workers(web)
    os.kill(first, signal.SIGKILL)
    until(lambda: len(_workers(web)) == 2 and first not in _workers(web), 20, "a new worker")
    assert second in _workers(web)
    assert httpx.get(f"{web.url}/healthz").status_code == 200


def test_sighup_makes_new_workers(web: Web) -> None:
    before = set(_workers(web))
    web.process.send_signal(signal.SIGHUP)
    until(lambda: len(_workers(web)) == 2 and not before & set(_workers(web)), 30, "two new workers")
    assert httpx.get(f"{web.url}/healthz").status_code == 200
    assert not [line for line in web.lines() if "MonkeyPatch" in str(line)]
