"""nginx with nchan from Debian's packages: downloaded and unpacked for us alone, without root, nothing installed."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bench.system import HOST
from launcher import environment
from launcher.errors import LaunchError

MODULE, PROGRAM = "ngx_nchan_module.so", "usr/sbin/nginx"
PACKAGES = ("libnginx-mod-nchan", "nginx", "nginx-core", "nginx-light")
"""Which of the last three has the program differs from release to release."""

FIXED, OWN = b"/var/lib/nginx/", b"temporary/only/"
"""With nchan nginx insists on its folder of temporary files where the package would put it, whatever is configured. So
our copy has another place, of the same length, in the folder that it is started with."""


@dataclass(frozen=True)
class Nginx:
    program: Path
    module: Path
    environment: dict[str, str]


def find_nginx() -> Nginx:
    """Fetched once, and kept beside the virtual environment. Raises LaunchError where it cannot be had."""
    folder = environment.folder() / "bench" / "nginx"
    if not (folder / PROGRAM).exists():
        _fetch(folder)
    module = next(folder.rglob(MODULE), None)
    if module is None:
        raise LaunchError(f"the package {PACKAGES[0]} has no {MODULE}")
    libraries = os.pathsep.join(sorted({str(file.parent) for file in folder.rglob("lib*.so*")}))
    nginx = Nginx(folder / PROGRAM, module, {"LD_LIBRARY_PATH": libraries})
    said = subprocess.run([nginx.program, "-v"], env=nginx.environment, capture_output=True, text=True)
    if said.returncode:
        raise LaunchError(f"nginx of the packages does not run here: {said.stderr.strip()}")
    return nginx


def _fetch(folder: Path) -> None:
    for tool in ("apt-get", "apt-cache", "dpkg"):
        if not shutil.which(tool):
            raise LaunchError(f"there is no {tool}, by which Debian's packages are fetched")
    shutil.rmtree(folder, ignore_errors=True)
    draft = folder.with_name("nginx.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    _unpack(PACKAGES[0], draft)
    for package in PACKAGES[1:]:
        if (draft / PROGRAM).exists():
            break
        if _is_known(package):
            _unpack(package, draft)
    if not (draft / PROGRAM).exists():
        raise LaunchError(f"none of the packages {', '.join(PACKAGES[1:])} has nginx itself")
    for package in sorted(_missing_libraries(draft)):
        _unpack(package, draft)
    for file in (draft / PROGRAM, *draft.rglob(MODULE)):
        file.write_bytes(file.read_bytes().replace(FIXED, OWN))
    draft.rename(folder)


def _unpack(package: str, folder: Path) -> None:
    _run(["apt-get", "download", package], folder)
    for file in folder.glob("*.deb"):
        _run(["dpkg", "-x", str(file), str(folder)], folder)
        file.unlink()


def _is_known(package: str) -> bool:
    return bool(subprocess.run(["apt-cache", "show", package], capture_output=True).stdout)


def _missing_libraries(folder: Path) -> set[str]:
    """The packages that the two depend on directly and that this machine lacks."""
    depends = _run(["apt-cache", "depends", "--no-recommends", "--no-suggests", *PACKAGES[:2]], folder)
    named = {name for name in re.findall(r"Depends: (lib[\w.+-]+)", depends) if name not in PACKAGES}
    return {name for name in named if subprocess.run(["dpkg", "-s", name], capture_output=True).returncode}


def _run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise LaunchError(f"{' '.join(command)} failed: {done.stderr.strip()}")
    return done.stdout


def command(nginx: Nginx, folder: Path, port: int) -> list[str]:
    """Starts it in this folder, with one worker; a channel keeps as many of its last messages as notify keeps events
    of a workspace."""
    (folder / OWN.decode()).mkdir(parents=True, exist_ok=True)
    file = folder / "nginx.conf"
    file.write_text(f"""load_module {nginx.module};
daemon off;
worker_processes 1;
{"user root;" if os.geteuid() == 0 else ""}
error_log stderr warn;
pid nginx.pid;
events {{ worker_connections 20000; }}
http {{
  access_log off;
  keepalive_requests 1000000000;
  server {{
    listen {HOST}:{port} backlog=4096;
    location ~ ^/sub/(\\d+)$ {{
      nchan_subscriber eventsource;
      nchan_channel_id $1;
      nchan_subscriber_first_message newest;
    }}
    location ~ ^/pub/(\\d+)$ {{
      nchan_publisher;
      nchan_channel_id $1;
      nchan_message_buffer_length 1000;
    }}
  }}
}}
""")
    return [str(nginx.program), "-p", str(folder), "-c", str(file), "-e", "stderr"]
