"""Leaving out of the Lambda package what the product never reads.

A smaller package uploads faster and starts cold faster. What must stay is listed by name; a test opens the finished
package in a fresh interpreter and makes every client that the product uses.
"""

import re
import shutil
from pathlib import Path

# The AWS services whose clients the product makes, and sts, which credentials may go through.
AWS_SERVICES = {"cloudwatch", "dynamodb", "events", "secretsmanager", "sns", "sqs", "sts"}
# The locales of which Babel keeps its data: the languages we speak, and what they inherit from.
_LOCALE = re.compile(r"(root|en|es|pt)(_.*)?\.dat")
# Only installers read these.
_INSTALLER_FILES = {"RECORD", "INSTALLER", "REQUESTED", "WHEEL", "direct_url.json"}
# Where a number lies, whose network it is and what time it is there: we only check and format numbers.
_PHONE_DATA = ("geodata", "carrierdata", "tzdata")
_PHONE_MODULES = ("geocoder.py", "carrier.py", "timezone.py")
_TEST_DIRECTORIES = {"test", "tests"}


def trim(root: Path) -> None:
    """Delete below `root`, a directory of installed libraries, all that the product never reads."""
    _keep_only(root / "botocore" / "data", AWS_SERVICES)
    _keep_only(root / "boto3" / "data", AWS_SERVICES)
    for locale in (root / "babel" / "locale-data").glob("*.dat"):
        if not _LOCALE.fullmatch(locale.name):
            locale.unlink()
    for name in _PHONE_DATA:
        shutil.rmtree(root / "phonenumbers" / name)
    for name in _PHONE_MODULES:
        (root / "phonenumbers" / name).unlink()
    for directory in [path for path in root.rglob("*") if path.is_dir()]:
        if directory.name in _TEST_DIRECTORIES or directory.name == "__pycache__":
            shutil.rmtree(directory, ignore_errors=True)
    for directory in root.glob("*.dist-info"):
        for name in _INSTALLER_FILES:
            (directory / name).unlink(missing_ok=True)
    for name in ("bin", "pip"):
        shutil.rmtree(root / name, ignore_errors=True)
    for stub in root.rglob("*.pyi"):
        stub.unlink()


def _keep_only(data: Path, services: set[str]) -> None:
    for entry in data.iterdir():
        if entry.is_dir() and entry.name not in services:
            shutil.rmtree(entry)
