"""gunicorn's settings for web: `gunicorn --config app/gunicorn_settings.py wsgi:app`.

This runs before gevent patches anything, so it imports nothing that would stay unpatched.
"""

from frame.serving import address, child_exit, logger_for, on_exit, starting, told

here = told("web")

bind = address(8000)
workers = here.web_concurrency
worker_class = "app.gunicorn_worker.Worker"  # a slow client costs a greenlet; with threads a few dozen of them held all
worker_connections = 4000
backlog = 2048
timeout = 30
graceful_timeout = 8  # the longest that a request may take is five seconds
keepalive = 30  # also the longest that a client may take for the head of a request
control_socket_disable = True
limit_request_line = 8190
limit_request_fields = 100
limit_request_field_size = 8190
# Who stands in front of us is said by TRUSTED_PROXIES, for all headers alike.
forwarded_allow_ips = ""
logger_class = logger_for(here)
on_starting = starting(here, "app.create")

__all__ = ["child_exit", "on_exit"]
