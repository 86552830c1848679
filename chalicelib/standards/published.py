"""The standards that are published with this release."""

from functools import cache
from pathlib import Path

from chalicelib.domain.standards import Standards
from chalicelib.standards.reading import read_standards

FILE = Path(__file__).with_name("standards.json")


@cache
def published() -> Standards:
    """Return the published standards, read when they are first asked for: most functions never need one.

    Raises BadStandards, which packaging and deploying have ruled out.
    """
    return read_standards(FILE.read_text(encoding="utf-8"))
