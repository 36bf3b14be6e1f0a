"""`python -m tests.faults.workload RUN`: says "running" once all is set up, ends after the line "drain"."""

import os
import sys
import traceback
from pathlib import Path

from gevent import monkey

monkey.patch_all()

if __name__ == "__main__":
    from tests.faults.workload.main import main

    status = 2
    try:
        status = main(Path(sys.argv[1]))
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(status)  # a thread may still wait for the standard input
