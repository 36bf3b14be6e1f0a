"""A network that takes its time: what the server says reaches the client later than other things do."""

import selectors
import socket
import threading
from collections import deque
from time import monotonic


class SlowLink:
    """Listens on `port` and passes everything on to the server; its answers only after `delay` seconds."""

    def __init__(self, host: str, port: int, delay: float) -> None:
        self.server, self.delay = (host, port), delay
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self.listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=[client], daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        under_way: deque[tuple[float, bytes]] = deque()
        with client, socket.create_connection(self.server) as server, selectors.DefaultSelector() as ready:
            ready.register(client, selectors.EVENT_READ, server)
            ready.register(server, selectors.EVENT_READ, None)
            while True:
                wait = max(0.0, under_way[0][0] - monotonic()) if under_way else None
                for key, _ in ready.select(wait):
                    try:
                        data = key.fileobj.recv(65536)  # type: ignore[union-attr]
                    except OSError:
                        return
                    if not data:
                        return
                    if key.data:
                        key.data.sendall(data)
                    else:
                        under_way.append((monotonic() + self.delay, data))
                while under_way and under_way[0][0] <= monotonic():
                    client.sendall(under_way.popleft()[1])
