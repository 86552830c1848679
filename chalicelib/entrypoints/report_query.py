"""Which report is asked for: two dates and a breakdown, in the query string."""

import contextlib
import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from chalice.app import Request

from chalicelib.domain.reports import By
from chalicelib.entrypoints.problems import FieldError, Problem
from chalicelib.entrypoints.requests import query_field, unknown_fields

# A year with its leap day; longer ranges are asked for year by year.
MOST_DAYS = 366
# What is reported when no dates are given: the last thirty days, today included.
_USUAL_DAYS = 30
_FORMATS = ("json", "html")
# What is wrong, by the name that the page has for it: the field at fault, and how to mend it.
DAYS_FAULTS = {
    "from": ("from", "must be a date such as 2026-11-24"),
    "to": ("to", "must be a date such as 2026-11-24"),
    "order": ("from", "must not be later than to"),
    "length": ("to", f"must be at most {MOST_DAYS} days from from, both included"),
}
_FAULTS = DAYS_FAULTS | {
    "by": ("by", f"must be one of: {', '.join(By)}"),
    "format": ("format", f"must be one of: {', '.join(_FORMATS)}"),
}
_KNOWN = ("from", "to", "by", "format")


@dataclass(frozen=True, slots=True)
class Asked:
    """A report's days, both included, and its breakdown.

    `faults` are names of what is wrong with them; `unknown` are the fields that a report knows nothing of.
    """

    since: date
    until: date
    by: By
    faults: tuple[str, ...] = field(default_factory=tuple)
    unknown: tuple[str, ...] = field(default_factory=tuple)

    @property
    def is_right(self) -> bool:
        """Tell whether a report can be given."""
        return not self.faults and not self.unknown

    def verify(self) -> None:
        """Raise Problem, which names every field at fault, if there is any."""
        if not self.is_right:
            detail = "Ask with ?from=2026-11-01&to=2026-11-30&by=promiser; both dates are included."
            errors = [FieldError((name,), mend) for name, mend in map(_FAULTS.__getitem__, self.faults)]
            known = f"is not known here; known are: {', '.join(_KNOWN)}"
            errors += [FieldError((name,), known) for name in self.unknown]
            raise Problem(422, "bad-fields", "Some fields are not right", detail, errors)


def asked(request: Request, today: date) -> Asked:
    """Read what is asked for; `today` is the brand's, for dates that are not given."""
    faults: list[str] = []
    since, until = days(request, today, faults)
    by = query_field(request, "by") or By.PROMISER
    if by not in set(By):
        faults.append("by")
    if query_field(request, "format").lower() not in {"", *_FORMATS}:
        faults.append("format")
    breakdown = By.PROMISER if "by" in faults else By(by)
    return Asked(since, until, breakdown, tuple(faults), unknown_fields(request, _KNOWN))


def days(request: Request, today: date, faults: list[str]) -> tuple[date, date]:
    """Read the first and the last day, or add the names of what is wrong with them."""
    until = _date(request, "to", today, faults)
    since = _date(request, "from", until - timedelta(days=_USUAL_DAYS - 1), faults)
    if not faults and since > until:
        faults.append("order")
    if not faults and (until - since).days >= MOST_DAYS:
        faults.append("length")
    return since, until


def _date(request: Request, name: str, usual: date, faults: list[str]) -> date:
    given = query_field(request, name)
    if not given:
        return usual
    # Of all that ISO 8601 allows, the one form that nobody misreads; and nothing was promised before this century.
    if re.fullmatch(r"20\d\d-\d\d-\d\d", given, re.ASCII):
        with contextlib.suppress(ValueError):
            return date.fromisoformat(given)
    faults.append(name)
    return usual
