"""Starting and stopping a stack from Python, for tests and scripts.

stack = start(tmp_path, aws_port, inbox_port)   # ports from infra.local.ports.free_ports(2)
... stack.api, stack.inbox, stack.webhook_secret ...
stack.stop()
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path

from infra.local import lock, ports
from infra.local.place import ROOT, Place
from infra.local.problem import StackProblemError
from infra.local.stop import stop

# Names the stack.json of a stack that is already running for the tests.
STACK_FILE = "KEPT_STACK_FILE"
START_SECONDS = 240.0
POLL_SECONDS = 0.2


@dataclass(frozen=True)
class Stack:
    """A running stack: what its stack.json says, and where its state is."""

    api: str
    inbox: str
    aws: str
    source: str
    webhook_secret: str
    webhook_secret_next: str
    read_key: str
    receipts_public_key: str
    replies_topic: str
    pid: int
    emulator_pid: int
    state: Path

    def stop(self) -> None:
        """Returns when everything is saved; a second stop does nothing."""
        stop(self.state / "run.lock")


def running(place: Place) -> Stack | None:
    """The stack that runs at the place and is ready; None when there is none."""
    pid = lock.holder(place.lock_file)
    if pid is None or not place.stack_file.exists():
        return None
    found = read(place.stack_file)
    return found if found.pid == pid else None


def read(stack_file: Path) -> Stack:
    """What a stack.json says."""
    written = json.loads(stack_file.read_text())
    wanted = {field.name for field in fields(Stack)} - {"state"}
    return Stack(state=stack_file.parent, **{name: written[name] for name in wanted})


@contextmanager
def for_tests(folder: Path) -> Iterator[Stack]:
    """The stack that KEPT_STACK_FILE names, or else one of its own in the folder, on free ports, stopped at the end."""
    named = os.environ.get(STACK_FILE)
    if named:
        yield read(Path(named))
        return
    aws_port, inbox_port = ports.free_ports(2)
    own = start(folder, aws_port, inbox_port)
    try:
        yield own
    finally:
        own.stop()


def start(
    state_dir: Path,
    aws_port: int,
    inbox_port: int,
    environ: Mapping[str, str] | None = None,
    heard: Callable[[str], None] | None = None,
) -> Stack:
    """Starts a stack in the background and returns when it is ready; `heard` gets each line of its progress.

    `environ` is added to the environment. Raises StackProblemError with what the stack said when it does not come up.
    """
    place = Place(state_dir.resolve(), aws_port, inbox_port)
    place.state.mkdir(parents=True, exist_ok=True)
    settings = {
        "KEPT_STATE_DIR": str(place.state),
        "KEPT_AWS_PORT": str(aws_port),
        "KEPT_INBOX_PORT": str(inbox_port),
    }
    with place.log_file.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-u", "-m", "infra.local", "run", "--no-demo"],
            cwd=ROOT,
            env={**os.environ, **(environ or {}), **settings},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    deadline = time.monotonic() + START_SECONDS
    with place.log_file.open() as log:
        while True:
            ended = process.poll() is not None
            for line in log:
                if heard and line.strip():
                    heard(line.rstrip())
            found = running(place)
            if found and found.pid == process.pid:
                return found
            if ended:
                raise StackProblemError(f"The stack did not start. It said:\n{place.log_file.read_text().strip()}")
            if time.monotonic() > deadline:
                process.terminate()
                raise StackProblemError(f"The stack was not ready after {START_SECONDS:.0f} s: see {place.log_file}")
            time.sleep(POLL_SECONDS)
