"""Saves the emulator's state now and then, so that a killed emulator loses seconds and not everything.

MiniStack itself saves on a clean stop only. The snapshot is taken by a forked child: it sees the memory of one instant,
and its work costs the emulator nothing but the fork.
"""

import contextlib
import importlib
import os
import shutil
import signal
import threading
import time
from pathlib import Path
from typing import Any

from infra.local.emulated import streams

CHILD_SECONDS = 30.0  # a child that inherited a held lock never ends by itself
IDLE_SECONDS = 60.0
POLL_SECONDS = 0.05
NICENESS = 10


class Snapshots:
    """Takes a snapshot into `folder` every `every` seconds while tables change, every minute while they do not."""

    def __init__(self, ministack: Any, folder: Path, every: float) -> None:
        self._ministack = ministack
        self._folder = folder
        self._every = every
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="snapshots", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Returns when no child can write any more."""
        self._stopping.set()
        self._thread.join()

    def _loop(self) -> None:
        seen = -1
        taken_at = float("-inf")
        while not self._stopping.wait(self._every):
            now = time.monotonic()
            if streams.sequence() != seen or now - taken_at >= IDLE_SECONDS:
                seen, taken_at = streams.sequence(), now
                self.take()

    def take(self) -> bool:
        """Replaces the last snapshot by one of this moment; False when the child did not manage it."""
        child = os.fork()
        if child == 0:
            code = 1
            with contextlib.suppress(BaseException):
                os.nice(NICENESS)
                self._write()
                code = 0
            os._exit(code)
        return self._wait(child)

    def _write(self) -> None:
        fresh = self._folder.with_name(self._folder.name + ".new")
        old = self._folder.with_name(self._folder.name + ".old")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        persistence: Any = importlib.import_module("ministack.core.persistence")
        persistence.STATE_DIR = str(fresh)  # this process only; the code blobs stay where they are
        persistence.save_all(self._ministack._build_persistence_save_dict())
        streams.save()
        shutil.rmtree(old, ignore_errors=True)
        if self._folder.exists():
            self._folder.rename(old)
        fresh.rename(self._folder)
        shutil.rmtree(old, ignore_errors=True)

    def _wait(self, child: int) -> bool:
        deadline = time.monotonic() + CHILD_SECONDS
        while True:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                return os.waitstatus_to_exitcode(status) == 0
            if time.monotonic() > deadline:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                return False
            time.sleep(POLL_SECONDS)
