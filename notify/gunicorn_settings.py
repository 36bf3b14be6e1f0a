"""gunicorn's settings for notify: `gunicorn --config notify/gunicorn_settings.py notify.wsgi:application`.

This runs before gevent patches anything, so it imports nothing that would stay unpatched.
"""

from frame.serving import address, child_exit, logger_for, on_exit, starting, told

here = told("notify")

bind = address(8001)
workers = here.web_concurrency
worker_class = "notify.gunicorn_worker.Worker"
worker_connections = 2000  # requests on their way; streams are the hub's and do not count
backlog = 4096
keepalive = 5
timeout = 30
graceful_timeout = 4
max_requests = 0  # recycling a worker would cut its streams
control_socket_disable = True
limit_request_line = 8190
limit_request_fields = 100
limit_request_field_size = 16380  # a cursor over many workspaces is long
forwarded_allow_ips = ""
logger_class = logger_for(here)
on_starting = starting(here, "notify.application")

__all__ = ["child_exit", "on_exit"]
