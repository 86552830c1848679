"""Quiet hours: when nobody is reminded or called, in the customer's own time zone."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_HOURS = 24


@dataclass(frozen=True, slots=True)
class Quiet:
    """From one full hour of the day to another, over midnight where the first is the later one; 0 to 23."""

    first: int
    last: int

    def after(self, at: datetime, zone: ZoneInfo) -> datetime:
        """Return `at` if it is not quiet then, else the end of the quiet hours (UTC)."""
        local = at.astimezone(zone)
        if (local.hour - self.first) % _HOURS >= (self.last - self.first) % _HOURS:
            return at
        day = local.date() + timedelta(days=1 if local.hour >= self.last else 0)
        return datetime(day.year, day.month, day.day, self.last, tzinfo=zone).astimezone(UTC)


def parse_quiet(text: str) -> Quiet | None:
    """Read `21-8`; nothing, or an hour to itself, means that no hour is quiet. Raises ValueError for anything else."""
    if not text:
        return None
    first, last = (int(each) for each in text.split("-"))
    if not (0 <= first < _HOURS and 0 <= last < _HOURS):
        raise ValueError("hours go from 0 to 23")
    return Quiet(first, last) if first != last else None
