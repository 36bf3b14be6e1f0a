"""Event streams by flask-sse, as its documentation sets it up: each subscribes to Redis by itself.

gunicorn --worker-class gevent bench.baselines.flask_sse_streams:app
"""

import os

from flask import Flask
from flask_sse import sse

app = Flask(__name__)
app.config["REDIS_URL"] = os.environ["REDIS_URL"]
app.register_blueprint(sse, url_prefix="/stream")
