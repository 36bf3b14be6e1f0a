"""How web, worker and beat meet at Redis: the names they share and the settings that each side needs."""

from collections.abc import Mapping
from typing import Any

QUEUE = "fechatter"
RELAY = "relay"
"""The task that moves what waits in the outbox; see `fechatter/wakeup.py` for when it is sent."""

RELAY_EXPIRES = 2.0
"""Seconds after which a relay task is dropped unrun: by then the sweep has done its work."""

SEND_MAILS = "send_mails"
"""The task that sends what waits in the table of mails; beat calls for it too."""

SEND_PUSHES = "send_pushes"
"""The task that finds out who is to be told of what, and sends; beat calls for it too."""

LONGEST_QUEUE = 100
"""Tasks that may wait; with so many, no worker takes them, and more of them would only fill Redis."""

SETTINGS: Mapping[str, Any] = {
    "task_default_queue": QUEUE,
    "task_ignore_result": True,
    "task_serializer": "json",
    "accept_content": ["json"],
    "worker_enable_remote_control": False,
}

PRODUCER: Mapping[str, Any] = {
    "task_publish_retry": False,
    "broker_connection_retry": False,
    "broker_transport_options": {
        "socket_timeout": 0.25,
        "socket_connect_timeout": 0.25,
        "retry_on_timeout": False,
        "max_retries": 0,
    },
}
"""For who must not wait: sending fails within a quarter of a second for each step."""

CONSUMER: Mapping[str, Any] = {
    "broker_connection_retry": True,
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "broker_transport_options": {
        "socket_timeout": 5,
        "socket_connect_timeout": 5,
        "socket_keepalive": True,
        "health_check_interval": 10,
        "visibility_timeout": 60,
    },
}
"""For who has nothing to do without Redis: it tries for ever, and notices a connection that went silent."""


def broker(redis_url: str) -> dict[str, Any]:
    """Celery's settings for where Redis is; kombu has its own word for a Unix socket."""
    settings = {"broker_url": redis_url.replace("unix://", "redis+socket://", 1)}
    if redis_url.startswith("rediss://") and "ssl_cert_reqs=" not in redis_url:
        # kombu would not look at the certificate unless told to; redis-py does by itself.
        return settings | {"broker_use_ssl": {"ssl_cert_reqs": "required"}}
    return settings
