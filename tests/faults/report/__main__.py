"""`python -m tests.faults.report RUN [FOLDER]`: judge a run that was kept, and write its report once more."""

import sys
from pathlib import Path

from tests.faults.checker import judge
from tests.faults.report.write import write_report

if __name__ == "__main__":
    run = Path(sys.argv[1])
    verdicts = judge(run)
    sys.stdout.write(write_report(run, verdicts, Path(sys.argv[2]) if len(sys.argv) > 2 else run / "report"))
    sys.exit(0 if all(verdict.holds for verdict in verdicts) else 1)
