"""Report: what a company's word was worth over some days, by who gave it or by what it was.

Read from the ledgers' rows for those days alone, so it takes as long for a hundred promises as for a million.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from chalicelib.domain.figures import Figures
from chalicelib.domain.ledgers import Book
from chalicelib.domain.people import Promiser
from chalicelib.domain.periods import is_whole_month, months
from chalicelib.domain.reports import By, Group, Report
from chalicelib.usecases.ledger_port import Span
from chalicelib.usecases.services import Services


def report(since: date, until: date, by: By, services: Services) -> Report:
    """Add up the rows of these days. Raises StoreUnavailable.

    A team's record is that of those who are in it now: who belongs to whom stands in the promisers' profiles.
    """
    book = Book.PROMISER if by in {By.PROMISER, By.TEAM} else Book.DEED
    reading = services.ledgers.generations().reading
    found = services.ledgers.rows(reading, spans(book, since, until))
    added: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for group, numbers in found:
        added[group].update(numbers)
    total: Counter[str] = Counter()
    for numbers in added.values():
        total.update(numbers)
    profiles = services.store.promisers([ref for ref in added if ref]) if book is Book.PROMISER else {}
    groups = _grouped(added, by, profiles)
    ordered = sorted(groups, key=lambda group: (group.ref is None, -group.figures.decided, group.ref or ""))
    return Report(since, until, by, Figures(total), tuple(each for each in ordered if each.figures.numbers))


def spans(book: Book, since: date, until: date) -> list[Span]:
    """Return the rows to read: promisers' whole months from the rows of their year, everything else day by day."""
    found = []
    for first, last in months(since, until):
        if book is Book.PROMISER and is_whole_month(first, last):
            month = f"{first:%m}"
            found.append(Span(book, f"{first:%Y}", month, month))
        else:
            found.append(Span(book, f"{first:%Y-%m}", f"{first:%d}", f"{last:%d}"))
    return found


def _grouped(added: Mapping[str, Counter[str]], by: By, profiles: Mapping[str, Promiser]) -> Iterable[Group]:
    if by is By.PROMISER:
        for ref, numbers in added.items():
            profile = profiles.get(ref)
            yield Group(
                ref or None, Figures(numbers), profile.name if profile else None, profile.team if profile else None
            )
        return
    merged: defaultdict[str | None, Counter[str]] = defaultdict(Counter)
    for group, numbers in added.items():
        merged[_group(group, by, profiles)].update(numbers)
    for name, numbers in merged.items():
        yield Group(name, Figures(numbers))


def _group(group: str, by: By, profiles: Mapping[str, Promiser]) -> str | None:
    if by is By.TEAM:
        return profiles[group].team if group in profiles else None
    kind, _, standard = group.partition("|")
    return (kind if by is By.KIND else standard) or None
