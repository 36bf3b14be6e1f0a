"""gevent patches before anything of ours is imported."""

import subprocess
import sys


def test_what_gunicorn_reads_before_the_patch_imports_nothing_that_would_stay_unpatched() -> None:
    code = (
        "import sys, runpy; runpy.run_path('notify/gunicorn_settings.py'); import notify.gunicorn_worker;"
        "print([m for m in sys.modules if m.split('.')[0] in ('redis', 'psycopg2', 'flask', 'sqlalchemy', 'celery')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
