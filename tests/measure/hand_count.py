"""A count by hand: what each life must add to the report, said by the script of the life and by no rule of a ledger."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from chalicelib.domain.reports import By


@dataclass(frozen=True, slots=True)
class Line:
    """On whose account a life is counted: a promiser's ("" for nobody's), under a kind and a standard."""

    promiser: str
    kind: str
    standard: str

    def group(self, by: By) -> str | None:
        """Return the group of a report that the line belongs to."""
        named = {By.PROMISER: self.promiser, By.KIND: self.kind, By.STANDARD: self.standard}
        return (named[by] if by in named else team_of(self.promiser)) or None


def team_of(promiser: str) -> str | None:
    """Return one of seven teams, by the number of the promiser."""
    return f"team-{int(promiser.rpartition('-')[2]) % 7}" if promiser else None


@dataclass(slots=True)
class HandCount:
    """What the scripts of all lives add up to: numbers by line and by customer, and what was confirmed as promised."""

    numbers: dict[Line, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    customers: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    confirmed: Counter[tuple[Line, str]] = field(default_factory=Counter)

    def add(self, line: Line, customer: str, measure: str, n: int = 1) -> None:
        """Count something for a line and for a customer."""
        self.numbers[line][measure] += n
        self.customers[customer][measure] += n

    def confirm(self, line: Line, said: str) -> None:
        """Count that somebody was found to have promised something; `said` is the same for whatever says the same."""
        self.confirmed[line, said] += 1

    def groups(self, by: By) -> dict[str | None, Counter[str]]:
        """Return the numbers of each group of a report."""
        found: defaultdict[str | None, Counter[str]] = defaultdict(Counter)
        for line, numbers in self.numbers.items():
            found[line.group(by)].update(numbers)
        return found

    def recurrences(self, by: By) -> Counter[str | None]:
        """Return, for each group, how often it was confirmed that what had been promised there was promised again."""
        times: Counter[tuple[str | None, str]] = Counter()
        for (line, said), n in self.confirmed.items():
            times[line.group(by), said] += n
        again: Counter[str | None] = Counter()
        for (group, _), n in times.items():
            again[group] += n - 1
        return again

    def all_recurrences(self) -> int:
        """Return how often it was confirmed that what anybody had promised was promised again, by whomever."""
        times: Counter[str] = Counter()
        for (_, said), n in self.confirmed.items():
            times[said] += n
        return sum(n - 1 for n in times.values())
