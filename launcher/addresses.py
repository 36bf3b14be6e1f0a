"""Where the two doors that listen do so, and whether they answer there."""

import http.client
import os
from dataclasses import dataclass
from typing import Self

from launcher.errors import LaunchError
from launcher.ports import check_free, port_from_environment

LOOPBACK = ("127.0.0.1", "::1", "localhost")
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


@dataclass(frozen=True)
class Addresses:
    """The host on which web and notify listen, and their ports."""

    host: str
    web: int
    notify: int

    @classmethod
    def from_environment(cls) -> Self:
        """HOST, PORT and NOTIFY_PORT; raises LaunchError for one that cannot be."""
        web = port_from_environment("PORT", 8000)
        return cls(os.environ.get("HOST") or "127.0.0.1", web, port_from_environment("NOTIFY_PORT", web + 1))

    def check_free(self) -> None:
        """Raise LaunchError if one of the ports is taken."""
        if self.web == self.notify:
            raise LaunchError(f"PORT and NOTIFY_PORT are both {self.web}: web and notify need one each.")
        check_free("PORT", self.web, self.host)
        check_free("NOTIFY_PORT", self.notify, self.host)

    def advice(self) -> list[str]:
        """For who lets other computers in, but would send them links that say localhost."""
        ours = {"PUBLIC_URL": self.web, "NOTIFY_URL": self.notify}
        missing = [f"{name}=http://THIS-COMPUTER:{port}" for name, port in ours.items() if not os.environ.get(name)]
        if self.host in LOOPBACK or not missing:
            return []
        return [f"For other computers also set {' '.join(missing)}: links and the stream say localhost else."]

    def is_ready(self, port: int) -> bool:
        """Whether the door at this port says that it can work."""
        connection = http.client.HTTPConnection(EVERYWHERE.get(self.host, self.host), port, timeout=0.5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
