"""gunicorn's settings for a notify whose streams read from PostgreSQL what they lack, however little that is."""

from typing import Any

from notify import gunicorn_settings as usual

globals().update(vars(usual))


def on_starting(server: Any) -> None:
    usual.on_starting(server)
    from notify import recall  # not at the top: gevent has patched nothing yet

    recall.MOST = 0
