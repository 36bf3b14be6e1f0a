"""What processes have used is never less than a moment before."""

import os
import subprocess
import sys

from bench.usage import cpu_seconds

PARENT = """
import subprocess, sys
for n in range(20):
    subprocess.run([sys.executable, "-S", "-c", "sum(range(600_000))"])
    print(n, flush=True)
sys.stdin.read()
"""


def test_what_ended_children_used_is_never_missing() -> None:
    """While a child is waited for its time passes to its parent's account, and must be found in one of the two."""
    command = [sys.executable, "-c", PARENT]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdin
        assert parent.stdout
        os.set_blocking(parent.stdout.fileno(), False)
        seen, said = [0.0], b""
        while b"19" not in said:
            seen.append(cpu_seconds([parent.pid]))
            said += parent.stdout.read() or b""
        parent.stdin.close()
    assert len(seen) > 20
    assert seen == sorted(seen)
    assert seen[-1] > 0
