"""Matrix Synapse, as one process of one machine: what it is told, and the environment that it runs in."""

import json
from pathlib import Path
from urllib.parse import urlsplit

from launcher import environment

REQUIREMENTS = Path(__file__).parent / "requirements.txt"
UNLIMITED = {"per_second": 1_000_000, "burst_count": 1_000_000}


def python() -> Path:
    """The Python of an environment that has Synapse, beside all others; raises LaunchError if it cannot be had."""
    venv = environment.folder() / "synapse"
    environment.install({"Matrix Synapse": REQUIREMENTS.read_text()}, venv)
    return venv / "bin" / "python"


def write_settings(folder: Path, port: int, database: str, secret: str) -> Path:
    """Its homeserver.yaml, which JSON is as well. No limits, no presence, no federation."""
    place = urlsplit(database)
    to = {"host": place.hostname, "port": place.port, "user": place.username, "password": place.password}
    settings = {
        "server_name": "bench.localhost",
        "report_stats": False,
        "pid_file": str(folder / "synapse.pid"),
        "signing_key_path": str(folder / "signing.key"),
        "media_store_path": str(folder / "media"),
        "log_config": str(folder / "log.yaml"),
        "registration_shared_secret": secret,
        "macaroon_secret_key": secret,
        "form_secret": secret,
        "bcrypt_rounds": 4,
        "trusted_key_servers": [],
        "suppress_key_server_warning": True,
        "presence": {"enabled": False},
        "listeners": [
            {"port": port, "bind_addresses": ["127.0.0.1"], "type": "http", "resources": [{"names": ["client"]}]}
        ],
        "database": {
            "name": "psycopg2",
            "args": to | {"dbname": place.path.lstrip("/"), "cp_min": 5, "cp_max": 10},
        },
        "rc_message": UNLIMITED,
        "rc_registration": UNLIMITED,
        "rc_joins": {"local": UNLIMITED, "remote": UNLIMITED},
        "rc_joins_per_room": UNLIMITED,
        "rc_room_creation": UNLIMITED,
    }
    logs = {
        "version": 1,
        "handlers": {"console": {"class": "logging.StreamHandler"}},
        "root": {"level": "WARNING", "handlers": ["console"]},
    }
    (folder / "log.yaml").write_text(json.dumps(logs))
    file = folder / "homeserver.yaml"
    file.write_text(json.dumps(settings))
    return file
