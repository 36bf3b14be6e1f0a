"""What notify counts, beside what every process has."""

import gevent
from prometheus_client import Counter, Gauge

from notify.hub import Hub

STREAMS = Gauge("fechatter_streams", "Open streams.", multiprocess_mode="livesum")
BUFFERED = Gauge("fechatter_stream_buffered_bytes", "Bytes kept for slow readers.", multiprocess_mode="livesum")
DELIVERED = Counter("fechatter_delivered_events", "Events written to streams, each stream counted.")
GAPS = Counter("fechatter_feed_readings", "Readings of a feed because messages over Redis were missing.")
ENDED = Counter("fechatter_ended_streams", "Streams that ended, by reason.", ["reason"])


EVERY = 1.0


class Meter:
    """Carries the hub's plain counters over to Prometheus; the fan-out itself only adds up integers."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.delivered = self.gaps = 0
        self.ended: dict[str, int] = {}

    def run(self) -> None:
        """Forever."""
        while True:
            gevent.sleep(EVERY)
            self.read()

    def read(self) -> None:
        hub = self.hub
        STREAMS.set(len(hub.poller.wires))
        BUFFERED.set(sum(wire.buffered for wire in hub.poller.stalled))
        DELIVERED.inc(hub.fanout.delivered - self.delivered)
        GAPS.inc(hub.gaps.read_so_far - self.gaps)
        self.delivered, self.gaps = hub.fanout.delivered, hub.gaps.read_so_far
        for reason, count in hub.cuts.items():
            ENDED.labels(reason).inc(count - self.ended.get(reason, 0))
        self.ended = dict(hub.cuts)
