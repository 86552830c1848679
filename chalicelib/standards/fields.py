"""Reading the fields of one object in the file: each is taken once, and what is left over was not meant to be there."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from chalicelib.domain.durations import Duration, parse_duration
from chalicelib.standards.faults import Fault

_Name = TypeVar("_Name", bound=StrEnum)
_WORKING_DAYS = "counts in working days, but this is elapsed time: write it in hours or days, such as PT24H"


class Fields:
    """The fields of an object; what is wrong with one is added to `faults`, and it reads as None."""

    def __init__(self, where: str, given: Mapping[str, object], faults: list[Fault], path: str = "") -> None:
        """Read `given`, which stands at `path` in the version that `where` names."""
        self._where, self._given, self._faults, self._path = where, given, faults, path
        self._left = set(given)

    def wrong(self, name: str, detail: str) -> None:
        """Add a fault of the field `name`."""
        self._faults.append(Fault(self._where, f"{self._path}{name}", detail))

    def take(self, name: str) -> object:
        """Return a field as it stands in the file, None when it is not there."""
        self._left.discard(name)
        return self._given.get(name)

    def text(self, name: str, *, at_most: int) -> str | None:
        """Return a needed line of text."""
        value = self.take(name)
        if not isinstance(value, str) or not value.strip() or not value.isprintable() or len(value) > at_most:
            self.wrong(name, f"must be one line of text of 1 to {at_most} characters")
            return None
        return value

    def one_of(self, name: str, names: type[_Name]) -> _Name | None:
        """Return a needed name from a closed list."""
        return self._named(name, self.take(name), names)

    def some_of(self, name: str, names: type[_Name]) -> frozenset[_Name] | None:
        """Return a list of names from a closed list, without repeats and not empty; None when it is not there."""
        value = self.take(name)
        if value is None:
            return None
        if not isinstance(value, list) or not value or len(set(map(str, value))) < len(value):
            self.wrong(name, f"must be a list of some of: {', '.join(names)}, each once")
            return None
        read = [self._named(f"{name}[{place}]", each, names) for place, each in enumerate(value)]
        return frozenset(each for each in read if each)

    def duration(self, name: str) -> Duration | None:
        """Return a duration, None when it is not there."""
        value = self.take(name)
        if value is None:
            return None
        try:
            return parse_duration(str(value))
        except ValueError as error:
            self.wrong(name, f"{value!r}: {error}")
            return None

    def elapsed(self, name: str) -> timedelta | None:
        """Return elapsed time, a day being 24 hours; None when it is not there."""
        duration = self.duration(name)
        if duration and duration.working_days:
            self.wrong(name, _WORKING_DAYS)
            return None
        return duration.longest() if duration else None

    def percent(self, name: str) -> Decimal | None:
        """Return a percentage, None when it is not there."""
        value = self.take(name)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= 100:  # noqa: PLR2004 - per cent
            self.wrong(name, f"must be a whole number from 1 to 100, not {value!r}")
            return None
        return Decimal(value)

    def part(self, name: str) -> "Fields | None":
        """Return the fields of an object within, None when it is not there."""
        value = self.take(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.wrong(name, "must be an object")
            return None
        return Fields(self._where, value, self._faults, f"{self._path}{name}.")

    def names(self) -> list[str]:
        """Return the names of the fields, as they stand in the file."""
        return list(self._given)

    def close(self, known: tuple[str, ...]) -> None:
        """Name what nobody took: a slip here would leave a promise to the house's rules unseen."""
        for name in sorted(self._left):
            self.wrong(name, f"is not known; the fields are: {', '.join(known)}")

    def _named(self, name: str, value: object, names: type[_Name]) -> _Name | None:
        if isinstance(value, str) and value in set(names):
            return names(value)
        self.wrong(name, f"must be one of: {', '.join(names)}; not {value!r}" if value is not None else _needed(names))
        return None


def _needed(names: type[StrEnum]) -> str:
    return f"is needed: one of {', '.join(names)}"
