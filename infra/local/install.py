"""Installs what a make target needs, once: the two environments, Chromium for the browser test, and DynamoDB Local.

Runs under the machine's own Python before any environment exists, so it uses the standard library only, and nothing
newer than Python 3.8 understands: an old Python must live long enough to be told that it is too old.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from infra.local import dynamodb_local
from infra.local.debian import DebianPackages, NoPackageError, find_chromium
from infra.local.problem import StackProblemError

ROOT = Path(__file__).resolve().parents[2]
PYTHON = (3, 11)  # the Lambda runtime: the package is compiled for it, so the machine's Python has to match
ENVIRONMENTS = {
    ".venv": ["requirements-dev.txt", "requirements.txt"],
    ".venv-emulator": ["infra/requirements-local.txt"],
}
NEEDED = {
    "run": [".venv", ".venv-emulator"],
    "test": [".venv", ".venv-emulator"],
    "simulate": [".venv", ".venv-emulator"],
    "lint": [".venv"],
    "deploy": [".venv"],
}
STAMP = ".kept-installed"
OFFLINE_SIGNS = ("name resolution", "NewConnectionError", "Network is unreachable", "ProxyError", "timed out")


class MissingError(Exception):
    """Something this machine lacks; the message says what to do about it."""


def say(text: str) -> None:
    print("  " + text, flush=True)


def check_python(version: tuple[int, int] = (sys.version_info[0], sys.version_info[1])) -> None:
    """Raises MissingError unless the running Python is the Lambda runtime's."""
    if version != PYTHON:
        raise MissingError(
            "Kept needs Python {}.{}, the Lambda runtime it is built for; this is {}.{}.\n".format(*PYTHON, *version)
            + "On Debian 12: apt-get install python3.11. Then: make run PYTHON=python3.11"
        )


def fingerprint(root: Path, files: list[str]) -> str:
    """Changes when a requirements file does, or the Python that installs them."""
    digest = hashlib.sha256(sys.version.encode())
    for name in files:
        digest.update((root / name).read_bytes())
    return digest.hexdigest()


def is_current(root: Path, environment: str) -> bool:
    """Whether the environment was completely installed from just these requirements files."""
    stamp = root / environment / STAMP
    return stamp.is_file() and stamp.read_text() == fingerprint(root, ENVIRONMENTS[environment])


def has_venv_module() -> bool:
    """Debian ships venv without ensurepip until python3.11-venv is installed."""
    asked = subprocess.run([sys.executable, "-c", "import ensurepip, venv"], capture_output=True, check=False)
    return asked.returncode == 0


def create(root: Path, environment: str) -> subprocess.Popen[str]:
    """Starts pip for one environment in the background, making the environment first where there is none."""
    folder = root / environment
    (folder / STAMP).unlink(missing_ok=True)
    if not (folder / "bin" / "pip").exists():
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    wanted = root / ENVIRONMENTS[environment][0]
    return subprocess.Popen(
        [
            str(folder / "bin" / "python"),
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "-q",
            "-r",
            str(wanted),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(root: Path, environment: str, pip: subprocess.Popen[str], started: float) -> None:
    output, _ = pip.communicate()
    if pip.returncode != 0:
        tail = "\n".join(output.strip().splitlines()[-8:])
        if any(sign in output for sign in OFFLINE_SIGNS):
            raise MissingError(
                f"{environment}: the Python package index cannot be reached. Check the network (or pip's own proxy "
                f"and index settings), then run the same command again.\n{tail}"
            )
        raise MissingError(f"{environment}: pip could not install {ENVIRONMENTS[environment][0]}.\n{tail}")
    (root / environment / STAMP).write_text(fingerprint(root, ENVIRONMENTS[environment]))
    say(f"{environment} is ready ({time.monotonic() - started:.0f} s).")


def environments(root: Path, names: list[str]) -> None:
    """Brings the named environments up to date, side by side; one that is current costs nothing."""
    stale = [name for name in names if not is_current(root, name)]
    if not stale:
        return
    if not has_venv_module():
        version = "{}.{}".format(*PYTHON)
        say(f"Python's venv module is missing; installing python{version}-venv.")
        DebianPackages(say).install(f"python{version}-venv", "Kept keeps its packages in virtual environments")
    started = time.monotonic()
    running = {}
    try:
        for name in stale:
            say(f"Installing {' and '.join(ENVIRONMENTS[name])} into {name} ...")
            running[name] = create(root, name)
        for name in stale:
            finish(root, name, running[name], started)
    finally:
        for pip in running.values():
            if pip.poll() is None:
                pip.terminate()


def chromium(environ: Mapping[str, str] = os.environ) -> None:
    """The browser test opens links as a customer does."""
    if find_chromium(environ):
        return
    if environ.get("KEPT_CHROMIUM"):
        raise MissingError(
            f"KEPT_CHROMIUM names {environ['KEPT_CHROMIUM']}, which is not a program. Correct or unset it."
        )
    say("No Chromium was found; installing Debian's for the browser test.")
    DebianPackages(say).install("chromium", "the browser test opens the customer's page in it")
    if not find_chromium(environ):
        raise MissingError("Chromium was installed, but no browser is on the path. Name it in KEPT_CHROMIUM.")


def main(arguments: list[str]) -> int:
    target = arguments[0] if arguments else "run"
    if target not in NEEDED:
        print("Install for which target? One of: " + ", ".join(NEEDED), file=sys.stderr)
        return 2
    try:
        check_python()
        environments(ROOT, NEEDED[target])
        if target == "test":
            chromium()
            dynamodb_local.install(ROOT, say)
    except (MissingError, NoPackageError, StackProblemError, OSError, subprocess.CalledProcessError) as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
