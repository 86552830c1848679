"""The promise report: what a company's word was worth over some days, in all and by group."""

from collections import Counter
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

    def by_standard(self) -> list[tuple[Group, list[Group]]]:
        """Return each standard's versions together, under their sum; what has no standard stands alone."""
        versions: dict[str | None, list[Group]] = {}
        for group in self.groups:
            versions.setdefault(group.ref and group.ref.partition("@")[0], []).append(group)
        summed = []
        for name, each in versions.items():
            numbers: Counter[str] = Counter()
            for group in each:
                numbers.update(group.figures.numbers)
            in_order = sorted(each, key=lambda group: (len(group.ref or ""), group.ref or ""), reverse=True)
            summed.append((Group(name, Figures(numbers)), in_order))
        return sorted(summed, key=lambda pair: (pair[0].ref is None, -pair[0].figures.decided, pair[0].ref or ""))
