"""Serves MiniStack on loopback, with a stable address for the API, kept streams, shared packages and snapshots."""

import argparse
import asyncio
import importlib
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from infra.local.emulated import packages
from infra.local.emulated.alias import Alias
from infra.local.emulated.lifespan import Lifespan
from infra.local.emulated.snapshots import Snapshots

ORPHAN_CHECK_SECONDS = 1.0


def stop_when_orphaned() -> None:
    """Ends this process cleanly, saving its state, when the supervisor that started it is gone."""
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(ORPHAN_CHECK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    parser = argparse.ArgumentParser(prog="infra.local.emulated")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--snapshots", type=Path, required=True)
    parser.add_argument("--clean-mark", type=Path, required=True)
    parser.add_argument("--routes", type=Path, required=True)
    parser.add_argument("--snapshot-seconds", type=float, default=20.0)
    given = parser.parse_args()

    # Loaded by name: MiniStack lives in this environment only, where the product's type checker never looks.
    ministack: Any = importlib.import_module("ministack.app")
    hypercorn: Any = importlib.import_module("hypercorn.asyncio")
    config: Any = importlib.import_module("hypercorn.config").Config()
    config.bind = [f"127.0.0.1:{given.port}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 1.0  # nobody waits for an answer any more when the stack is being stopped
    config.shutdown_timeout = 60.0  # the save happens here

    packages.share(importlib.import_module("ministack.core.lambda_runtime"))
    snapshots = Snapshots(ministack, given.snapshots, given.snapshot_seconds)
    threading.Thread(target=stop_when_orphaned, name="orphan-check", daemon=True).start()
    application = Lifespan(Alias(ministack.app, given.routes), snapshots, given.clean_mark)
    asyncio.run(hypercorn.serve(application, config))
    sys.stdout.flush()
    os._exit(0)  # the poller threads of the emulator never end by themselves


if __name__ == "__main__":
    main()
