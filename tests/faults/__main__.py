"""`python -m tests.faults`, which is what bin/faults runs."""

import sys

from tests.faults.main import main

if __name__ == "__main__":
    sys.exit(main())
