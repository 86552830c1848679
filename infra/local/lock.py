"""One stack in one state directory: a lock that the system drops by itself when its holder is gone, however it went."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

from infra.local.problem import StackProblemError


def holder(path: Path) -> int | None:
    """The process that runs the stack; None when nothing does."""
    if not path.exists():
        return None
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(file.read().split()[0])
        return None


def take(path: Path) -> IO[str]:
    """Holds the lock until the returned file is closed; raises StackProblemError when somebody else holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o644), "r+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pid = file.read().strip()
        file.close()
        raise StackProblemError(
            f"Kept is already running here (process {pid}). Its addresses are in {path.with_name('stack.json')}.\n"
            "Stop it with: make stop. To run a second stack beside it, give KEPT_STATE_DIR, KEPT_AWS_PORT and "
            "KEPT_INBOX_PORT values of its own."
        ) from None
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file
