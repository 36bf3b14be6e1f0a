"""gunicorn's settings for notify. It imports nothing of ours: this runs before gevent patches the workers."""

import os

bind = f"{os.environ.get('HOST', '0.0.0.0')}:{os.environ.get('PORT', '8001')}"  # noqa: S104 - behind a router
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
worker_class = "notify.gunicorn_worker.Worker"
worker_connections = 2000  # requests on their way; streams are the hub's and do not count
backlog = 4096
keepalive = 5
timeout = 30
graceful_timeout = 4
max_requests = 0  # recycling a worker would cut its streams
control_socket_disable = True
limit_request_line = 8190
limit_request_field_size = 16380
forwarded_allow_ips = "127.0.0.1"
