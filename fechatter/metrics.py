"""Prometheus metrics that every process has; each door adds its own where it counts them."""

import logging
import os

from prometheus_client import CollectorRegistry, Histogram, generate_latest, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY

from fechatter.config import Config

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

REQUESTS = Histogram(
    "fechatter_request_seconds",
    "Time to the first byte of an answer, by the route's rule.",
    ["method", "route", "status"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)


def exposition() -> bytes:
    """All metrics as text; of all processes together where gunicorn has several."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def serve(config: Config) -> None:
    """For processes without HTTP: on this machine's METRICS_PORT, if there is one; who comes second does without."""
    if not config.metrics_port:
        return
    try:
        start_http_server(config.metrics_port, addr="127.0.0.1")
    except OSError as error:
        reason = f"METRICS_PORT {config.metrics_port} cannot be listened on ({error.strerror})"
        logging.getLogger(__name__).error("%s: this process shows no metrics", reason)
