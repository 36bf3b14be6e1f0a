"""A small project beside this one: the same launcher over doors that do nothing but answer."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.paths import PROJECT
from launcher.ports import free_port
from tests.launcher.stand_in import Project

PROCFILE = """
release: python -c "import os, psycopg2, redis; psycopg2.connect(os.environ['DATABASE_URL'])"
web: python door.py
notify: python door.py
worker: sleep 1000
beat: sleep 1000
"""

DOOR = """
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(str(os.getpid()).encode())

ThreadingHTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Answer).serve_forever()
"""


COMMANDS = """
import os
from flask import Flask

def create_app():
    app = Flask("app")

    @app.cli.command("seed")
    def seed():
        told = ("DATABASE_URL", "FECHATTER_ENV", "NOTIFY_URL", "SECRET_KEY")
        print("|".join(os.environ.get(name, "") for name in told))

    return app
"""


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    folder = tmp_path / "project"
    shutil.copytree(PROJECT / "launcher", folder / "launcher", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(PROJECT / "bin", folder / "bin")
    for requirements in PROJECT.glob("requirements*.txt"):
        shutil.copy(requirements, folder)
    (folder / "Procfile").write_text(PROCFILE)
    (folder / "door.py").write_text(DOOR)
    (folder / "app").mkdir()
    (folder / "app" / "__init__.py").touch()
    (folder / "app" / "commands.py").write_text(COMMANDS)
    stand_in = Project(folder, port=free_port(), notify_port=free_port())
    yield stand_in
    stand_in.end()
