"""What a run has shown, as text and as one page with charts."""

from tests.faults.report.write import write_report

__all__ = ["write_report"]
