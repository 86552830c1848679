"""The worker processes in which a local stack runs its functions, and `kill -9` for those at work.

They are the emulator's descendants that carry a function's name in their environment; the emulator and the children
that save its state carry none, and nothing else on the machine is a descendant of it.
"""

import os
import signal
from dataclasses import dataclass
from pathlib import Path

from infra.local.place import STACK_NAME
from infra.local.stack import Stack

PROC = Path("/proc")
NAME = b"AWS_LAMBDA_FUNCTION_NAME="
# Where the kernel has a process wait that reads its next event from the emulator.
WAITS_FOR_EVENT = "pipe_read"


@dataclass(frozen=True)
class Worker:
    """One process, and the function that it runs by the template's name: Ring, APIHandler."""

    pid: int
    function: str


def workers(stack: Stack) -> list[Worker]:
    """Every worker of the stack that is alive."""
    return [Worker(pid, function) for pid in _descendants(stack.emulator_pid) if (function := _function(pid))]


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


def kill(stack: Stack, worker: Worker) -> bool:
    """`kill -9` a worker of the stack; False when it has ended by itself."""
    try:
        handle = os.pidfd_open(worker.pid)
    except ProcessLookupError:
        return False
    try:
        # Looked at again behind the handle: a number may have passed on to another process, a handle never does.
        if worker not in workers(stack):
            return False
        signal.pidfd_send_signal(handle, signal.SIGKILL)
    except ProcessLookupError:
        return False
    finally:
        os.close(handle)
    return True


def _descendants(ancestor: int) -> list[int]:
    parents = {pid: _parent(pid) for pid in (int(each.name) for each in PROC.iterdir() if each.name.isdigit())}
    found = [ancestor]
    for each in found:
        found += [pid for pid, parent in parents.items() if parent == each]
    return found[1:]


def _parent(pid: int) -> int:
    """The parent of a process, or 0 when there is none of that number any more."""
    try:
        return int((PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def _function(pid: int) -> str:
    """The function that a process runs, or nothing: it runs none, or is gone."""
    try:
        variables = (PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return ""
    name = next((each.removeprefix(NAME).decode() for each in variables if each.startswith(NAME)), "")
    return name.removeprefix(f"{STACK_NAME}-").rpartition("-")[0]  # kept-local-Ring-4F817D75015CE is Ring
