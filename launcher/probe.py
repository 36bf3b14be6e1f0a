"""Whether a door that is starting can work already."""

import select
import socket


class Probe:
    """Asks at this address again and again, but one question at a time: a door answers all that came while it started,
    each on a connection to PostgreSQL of its own, and keeps those."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self._asked: socket.socket | None = None

    def is_ready(self) -> bool:
        """Never waits for the answer: call it until it is True."""
        try:
            self._asked = self._asked or self._ask()
            if not select.select([self._asked], [], [], 0)[0]:
                return False
            answer = self._asked.recv(64)
        except OSError:
            answer = b""
        if self._asked:
            self._asked.close()
        self._asked = None
        return answer.split(b" ")[1:2] == [b"200"]

    def _ask(self) -> socket.socket:
        connection = socket.create_connection((self.host, self.port), timeout=0.5)
        connection.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return connection
