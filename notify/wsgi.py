"""What gunicorn serves. Its worker has patched the standard library before this is imported."""

from gevent.monkey import is_module_patched

from notify.application import create_app

if not is_module_patched("socket"):
    raise SystemExit(
        "notify runs on gevent only: gunicorn --config notify/gunicorn_settings.py notify.wsgi:application"
    )

application = create_app()
