"""What is wrong with the published standards: each fault names the standard, its version, the field and the remedy."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend. `where` is the standard with its version, such as `delivery@2`, or the file as a whole."""

    where: str
    field: str
    detail: str

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.where}, {self.field}: {self.detail}" if self.field else f"{self.where}: {self.detail}"


class BadStandards(Exception):
    """The standards cannot be published as they are; the message lists every fault, one a line."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Keep the faults for whoever wants them one by one."""
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)
