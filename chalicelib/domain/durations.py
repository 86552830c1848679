"""Lengths of time as people promise them: calendar days keep their hour over a clock change, hours do not."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_ISO = re.compile(
    r"P(?:(?P<working_days>\d{1,4})B"
    r"|(?=\d|T\d)(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,4})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,7})S)?)?)"
)
_SATURDAY = 5
# Beyond ten years a date is a slip of the pen, not a promise.
FARTHEST = timedelta(days=3653)


def weekdays_only(day: date) -> bool:
    """Tell whether a day is a working day where nothing is known of local holidays: Monday to Friday."""
    return day.weekday() < _SATURDAY


@dataclass(frozen=True, slots=True)
class Duration:
    """An ISO 8601 duration without months and years, or a number of working days.

    Days are calendar days in somebody's time zone; `seconds` are elapsed seconds.
    """

    days: int = 0
    seconds: int = 0
    working_days: int = 0

    def __str__(self) -> str:
        """Write it as ISO 8601, with `P2B` for two working days."""
        if self.working_days:
            return f"P{self.working_days}B"
        day_part = f"{self.days}D" if self.days else ""
        time_part = f"T{self.seconds}S" if self.seconds or not self.days else ""
        return f"P{day_part}{time_part}"

    def shortest(self) -> timedelta:
        """Return the least time that it can take: a day may have 23 hours when clocks change."""
        days = self.days + self.working_days
        return timedelta(days=days, seconds=self.seconds) - timedelta(hours=1 if days else 0)

    def longest(self) -> timedelta:
        """Return it as elapsed time, a day taken for 24 hours."""
        return timedelta(days=self.days + self.working_days, seconds=self.seconds)

    def after(
        self, start: datetime, zone: ZoneInfo, *, times: int = 1, works: Callable[[date], bool] = weekdays_only
    ) -> datetime:
        """Return the UTC moment that lies this duration, taken `times` times, after an aware `start`.

        Calendar and working days keep the hour of the day in `zone`; `works` says which days are working days.
        """
        local = start.astimezone(zone)
        days = self.days * times
        if self.working_days:
            days = _days_until_worked(local.date(), self.working_days * times, works)
        if days:
            local = local + timedelta(days=days)
        return local.astimezone(UTC) + timedelta(seconds=self.seconds * times)


def _days_until_worked(start: date, working_days: int, works: Callable[[date], bool]) -> int:
    passed = 0
    while working_days:
        passed += 1
        working_days -= works(start + timedelta(days=passed))
    return passed


def parse_duration(text: str) -> Duration:
    """Read `P2D`, `PT4H`, `P1W`, `P1DT12H` or `P2B` (working days).

    Raises ValueError for anything else, for nothing at all, and for years and months, whose length varies.
    """
    match = _ISO.fullmatch(text)
    if match is None:
        raise ValueError("not a duration: write it like P2D, PT4H, P1DT12H or, in working days, P2B")
    part = {name: int(value) for name, value in match.groupdict(default="0").items()}
    duration = Duration(
        days=part["weeks"] * 7 + part["days"],
        seconds=part["hours"] * 3600 + part["minutes"] * 60 + part["seconds"],
        working_days=part["working_days"],
    )
    if duration == Duration():
        raise ValueError("a duration must be longer than nothing")
    return duration
