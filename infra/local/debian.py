"""Debian packages, for the two things that pip cannot install: the venv module and a browser."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class NoPackageError(Exception):
    """The package cannot be installed from here; the message says what a person can do instead."""


def find_chromium(environ: Mapping[str, str]) -> str | None:
    """The browser that the browser test will use: KEPT_CHROMIUM, or the first one on the path."""
    named = environ.get("KEPT_CHROMIUM")
    candidates = [named] if named else list(BROWSERS)
    return next((found for found in map(shutil.which, candidates) if found), None)


class DebianPackages:
    """Installs packages as root, or through sudo where that asks for no password."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say

    def install(self, package: str, reason: str) -> None:
        """Raises NoPackageError where there is no apt-get, no right to use it, or no way to the archive."""
        by_hand = f"Install it yourself and run the same command again: apt-get install {package}"
        if not shutil.which("apt-get"):
            raise NoPackageError(f"{package} is missing ({reason}), and there is no apt-get here. {by_hand}")
        prefix = self._as_root()
        if prefix is None:
            raise NoPackageError(f"{package} is missing ({reason}), and only root can install it. {by_hand}")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update"], ["install", "-y", "--no-install-recommends", package]):
            self._say("apt-get " + " ".join(command) + " ...")
            done = subprocess.run(
                [*prefix, "apt-get", "-q", *command], capture_output=True, text=True, check=False, env=environment
            )
            if done.returncode != 0:
                tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-6:])
                raise NoPackageError(f"apt-get {command[0]} did not work, so {package} is still missing.\n{tail}")

    @staticmethod
    def _as_root() -> list[str] | None:
        if os.geteuid() == 0:
            return []
        if shutil.which("sudo"):
            asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
            if asked.returncode == 0:
                return ["sudo", "-n"]
        return None
