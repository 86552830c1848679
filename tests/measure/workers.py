"""The worker processes in which a local stack runs its functions, and `kill -9` for those at work.

They are the emulator's descendants that carry a function's name in their environment; the emulator and the children
that save its state carry none, and nothing else on the machine is a descendant of it.
"""

import os
import random
import signal
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from infra.local.aws import Aws
from infra.local.place import STACK_NAME
from infra.local.stack import Stack

PROC = Path("/proc")
NAME = b"AWS_LAMBDA_FUNCTION_NAME="
# Where the kernel has a process wait that reads its next event from the emulator.
WAITS_FOR_EVENT = "pipe_read"
# What the emulator notes for an invocation whose process ended under it.
DIED_AT_WORK = "Worker process died"
LOG_GROUPS = "/kept/local/"


@dataclass(frozen=True)
class Worker:
    """One process, and the function that it runs by the template's name: Ring, APIHandler."""

    pid: int
    function: str


def workers(stack: Stack) -> list[Worker]:
    """Every worker of the stack that is alive."""
    parents = {pid: parent for pid in _pids() if (parent := _parent(pid))}
    found = [Worker(pid, function) for pid in _descendants(stack.emulator_pid, parents) if (function := _function(pid))]
    return sorted(found, key=lambda each: each.pid)


def is_at_work(worker: Worker) -> bool:
    """Whether a worker is in the middle of an invocation, as far as the system tells: it has talked with somebody, and
    is not waiting for its next event.

    One that is still loading has not: were it killed, the emulator itself would end all others of its function.
    """
    folder = PROC / str(worker.pid)
    try:
        has_talked = any(each.readlink().name.startswith("socket:") for each in (folder / "fd").iterdir())
        return has_talked and WAITS_FOR_EVENT not in (folder / "wchan").read_text()
    except OSError:
        return False


def kill(worker: Worker) -> bool:
    """`kill -9` a worker; False when it had ended by itself."""
    try:
        handle = os.pidfd_open(worker.pid)
    except ProcessLookupError:
        return False
    try:
        # Looked at again behind the handle: a number may have passed on to another process, a handle never does.
        if _function(worker.pid) != worker.function:
            return False
        signal.pidfd_send_signal(handle, signal.SIGKILL)
    except ProcessLookupError:
        return False
    finally:
        os.close(handle)
    return True


class Strikes:
    """Kills one worker after the other while its block lasts: any one at work, after any time up to the longest gap.

    `killed` counts by function; there are no more than `most`.
    """

    def __init__(self, stack: Stack, chance: random.Random, longest_gap_seconds: float, most: int) -> None:
        self.killed: Counter[str] = Counter()
        self._stack = stack
        self._chance = chance
        self._longest_gap = longest_gap_seconds
        self._most = most
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._strike, name="strikes", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()

    @property
    def are_over(self) -> bool:
        return not self._thread.is_alive()

    def _strike(self) -> None:
        while self.killed.total() < self._most and not self._over.wait(self._chance.uniform(0, self._longest_gap)):
            at_work = [each for each in workers(self._stack) if is_at_work(each)]
            if at_work and kill(struck := self._chance.choice(at_work)):
                self.killed[struck.function] += 1


def died_at_work(stack: Stack) -> Counter[str]:
    """How many invocations of each function ended because their worker died, since the stack was started."""
    logs = Aws(stack.aws).client("logs")
    found: Counter[str] = Counter()
    for page in logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=LOG_GROUPS):
        for group in (each["logGroupName"] for each in page["logGroups"]):
            pages = logs.get_paginator("filter_log_events").paginate(
                logGroupName=group, filterPattern=f'"{DIED_AT_WORK}"'
            )
            found[group.removeprefix(LOG_GROUPS)] += sum(len(each["events"]) for each in pages)
    return +found


def _pids() -> list[int]:
    return [int(each.name) for each in PROC.iterdir() if each.name.isdigit()]


def _parent(pid: int) -> int:
    """The parent of a process, or 0 when there is none of that number any more."""
    try:
        return int((PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def _descendants(ancestor: int, parents: dict[int, int]) -> list[int]:
    found = [ancestor]
    for each in found:
        found += [pid for pid, parent in parents.items() if parent == each]
    return found[1:]


def _function(pid: int) -> str:
    """The function that a process runs, or nothing: it runs none, or is gone."""
    try:
        variables = (PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return ""
    return _short(next((each.removeprefix(NAME).decode() for each in variables if each.startswith(NAME)), ""))


def _short(name: str) -> str:
    """kept-local-Ring-4F817D75015CE is Ring."""
    return name.removeprefix(f"{STACK_NAME}-").rpartition("-")[0]
