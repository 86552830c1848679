"""Unpacks each package once, however many processes run it.

MiniStack unpacks the whole package anew for every process that it starts: thousands of files and a second of its only
interpreter each time, so that functions which start together, or anew after a kill, hold up all others. Nothing writes
into the code of a function, here as on AWS, so a link to one copy serves them all.
"""

import hashlib
import tempfile
import threading
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

_lock = threading.Lock()


class UnpackedOnce(zipfile.ZipFile):
    """A zip whose `extractall` into an empty folder makes that folder a link to the one copy of what the zip holds."""

    def extractall(self, path: Any = None, members: Any = None, pwd: bytes | None = None) -> None:
        folder = Path(path or "")
        if not self.filename or members is not None or not folder.is_dir() or any(folder.iterdir()):
            super().extractall(path, members, pwd)
            return
        with Path(self.filename).open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        copy = Path(tempfile.gettempdir()) / f"package-{content}"
        with _lock:
            if not copy.exists():
                fresh = copy.with_suffix(".new")
                super().extractall(fresh, members, pwd)
                fresh.rename(copy)
        folder.rmdir()
        folder.symlink_to(copy)


def share(runtime: Any) -> None:
    """Let the module that starts the processes of functions unpack their packages in this way."""
    runtime.zipfile = SimpleNamespace(**{**vars(zipfile), "ZipFile": UnpackedOnce})
