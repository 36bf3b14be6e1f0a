"""Where the two doors that listen do so."""

import os
from dataclasses import dataclass
from typing import Self

from launcher.errors import LaunchError
from launcher.ports import check_free, port_from_environment
from launcher.probe import Probe

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
        """What other computers would meet: where the page sends them, and what is not set for that to work."""
        public, listens_here = os.environ.get("PUBLIC_URL"), self.host in LOOPBACK
        ours = {"PUBLIC_URL": self.web, "NOTIFY_URL": self.notify}
        missing = [name for name in ours if not os.environ.get(name)]
        lines = [f"The page sends browsers to {public}"] if public else []
        if missing and not (listens_here and len(missing) == len(ours)):
            urls = " ".join(f"{name}=http://THIS-COMPUTER:{ours[name]}" for name in missing)
            lines.append(f"For other computers also set {urls}: links and the stream say localhost else.")
        if listens_here and len(missing) < len(ours):
            lines.append(f"HOST is {self.host}: only a proxy on this computer gets there, HOST=0.0.0.0 lets others in.")
        return lines

    def probe(self, port: int) -> Probe:
        """Of the door at this port."""
        return Probe(EVERYWHERE.get(self.host, self.host), port)
