"""Stops the local stack and waits until everything it holds is saved.

Standard library only: stopping must work when the environments are gone.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from infra.local import lock
from infra.local.place import from_environment
from infra.local.problem import StackProblemError

WAIT_SECONDS = 100.0
POLL_SECONDS = 0.1


def stop(lock_file: Path) -> bool:
    """Returns False when nothing was running; raises StackProblemError when the stack does not end."""
    pid = lock.holder(lock_file)
    if pid is None:
        return False
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + WAIT_SECONDS
    while lock.holder(lock_file) == pid:
        if time.monotonic() > deadline:
            raise StackProblemError(f"Process {pid} did not stop within {WAIT_SECONDS:.0f} s.")
        time.sleep(POLL_SECONDS)
    return True


def main() -> int:
    try:
        stopped = stop(from_environment().lock_file)
    except StackProblemError as problem:
        print(problem, file=sys.stderr)
        return 1
    print("Stopped; everything is saved for the next start." if stopped else "Nothing is running.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
