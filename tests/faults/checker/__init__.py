"""Decides from a run's history alone whether the service has kept its promises."""

from tests.faults.checker.judge import judge
from tests.faults.checker.verdict import Verdict

__all__ = ["Verdict", "judge"]
