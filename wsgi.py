"""What gunicorn serves as web."""

import sys

from app.create import create_app
from fechatter.config import BadConfig

try:
    app = create_app()
except BadConfig as bad:
    sys.exit(str(bad))
