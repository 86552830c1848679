"""The promise report: what a company's word was worth over some days, in all and by group."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from chalicelib.domain.figures import Figures


class By(StrEnum):
    """What a report is broken down by."""

    PROMISER = "promiser"
    TEAM = "team"
    KIND = "kind"
    STANDARD = "standard"


@dataclass(frozen=True, slots=True)
class Group:
    """One line of a report. `ref` is None for what has no promiser, team or standard; names stand in profiles only."""

    ref: str | None
    figures: Figures
    name: str | None = None
    team: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A report over the days from `since` to `until`, both included, in the brand's time zone."""

    since: date
    until: date
    by: By
    total: Figures
    groups: tuple[Group, ...] = field(default_factory=tuple)
