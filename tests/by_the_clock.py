"""For tests that hold the product to a time: a machine that stands still for seconds breaks no promise of ours.

What is TooLate, or fails in a test that is marked `by_the_clock`, is tried again, twice at most. What is wrong with
the product is wrong three times. The closing lines of a run name what was tried again.
"""

from collections.abc import Generator
from time import monotonic

import pytest
from _pytest.runner import runtestprotocol

TRIES = 3
LONGEST = 120
"""Seconds: what takes longer is not tried again, for its time-out goes on."""

AGAIN = "tried again"


class TooLate(AssertionError):
    """It came, and later than is promised."""


def in_time(began: float, seconds: float) -> None:
    """Raises TooLate unless fewer seconds have gone by since then, by the monotonic clock."""
    took = monotonic() - began
    if took >= seconds:
        raise TooLate(f"it took {took:.2f} s, and {seconds} s are what it may take")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "by_the_clock: what is tried again, for the machine may have stood still")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    clocked = call.excinfo and (call.excinfo.errisinstance(TooLate) or item.get_closest_marker("by_the_clock"))
    report.may_be_the_machine = bool(clocked)  # type: ignore[attr-defined]
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """As pytest's own, that tells of the last try alone."""
    if item.config.getoption("reruns", None):
        return None  # pytest-rerunfailures tries everything again
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    began = monotonic()
    for left in reversed(range(TRIES)):
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
        failed = [report for report in reports if report.failed]
        if not failed or not left or not all(report.may_be_the_machine for report in failed):
            break
        if monotonic() - began > LONGEST:
            break
        item.user_properties.append((AGAIN, failed[0].longreprtext.strip().splitlines()[-1]))
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    ends = {report.nodeid: report for some in terminalreporter.stats.values() for report in some if _is_end(report)}
    lines = [f"{AGAIN}: {nodeid}: {why}" for nodeid, report in ends.items() for what, why in report.user_properties]
    for line in lines:
        terminalreporter.write_line(line)


def _is_end(report: object) -> bool:
    return isinstance(report, pytest.TestReport) and report.when == "teardown"
