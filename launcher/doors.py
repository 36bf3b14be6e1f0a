"""The environment that each process of the Procfile gets on one machine."""

import os
from collections.abc import Mapping
from pathlib import Path

from launcher import environment
from launcher.addresses import Addresses
from launcher.keys import kept_keys


def door_environment(name: str, addresses: Addresses, folder: Path, servers: Mapping[str, str]) -> dict[str, str]:
    """All variables for the process of this name: what the caller's environment says goes before our defaults."""
    own = {
        "web": {"PORT": str(addresses.web)},
        "notify": {"PORT": str(addresses.notify)},
    }
    given = {key: value for key, value in os.environ.items() if value and key != "PORT"}
    path = f"{environment.folder() / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return {
        "FECHATTER_ENV": "development",
        "PUBLIC_URL": f"http://localhost:{addresses.web}",
        "NOTIFY_URL": f"http://localhost:{addresses.notify}",
        "WEB_CONCURRENCY": "2" if name == "web" else "1",
        **({} if os.environ.get("SMTP_URL") else {"MAIL_DIR": str(folder / "mail")}),
        **_keys(name, folder),
        **given,
        **servers,
        "HOST": addresses.host,
        "PATH": path,
        **own.get(name, {}),
    }


def _keys(name: str, folder: Path) -> dict[str, str]:
    """The keys of the data folder: secrets are for web alone, and a pair is never mixed with the caller's."""
    foreign = "JWT_PRIVATE_KEY" in os.environ or "JWT_PUBLIC_KEY" in os.environ
    hidden = {"JWT_PRIVATE_KEY", "JWT_PUBLIC_KEY"} if foreign else set()
    if name != "web":
        hidden |= {"JWT_PRIVATE_KEY", "SECRET_KEY"}
    return {key: value for key, value in kept_keys(folder).items() if key not in hidden}
