"""Periods: which days and whole months make up a range of dates."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta


def months(since: date, until: date) -> Iterator[tuple[date, date]]:
    """Yield the parts of a range of dates, both ends included, that lie in one month each: first and last day."""
    first = since
    while first <= until:
        last = min(until, first.replace(day=monthrange(first.year, first.month)[1]))
        yield first, last
        first = last + timedelta(days=1)


def is_whole_month(first: date, last: date) -> bool:
    """Tell whether two dates are the first and the last day of one month."""
    return first.day == 1 and last == first.replace(day=monthrange(first.year, first.month)[1])
