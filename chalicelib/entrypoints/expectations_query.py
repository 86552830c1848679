"""Which expectations are asked for: days, kind, standard and page, in the query string."""

from datetime import date

from chalice.app import Request

from chalicelib.domain.promise import Kind
from chalicelib.entrypoints.page_query import read_after, read_limit
from chalicelib.entrypoints.problems import FieldError, Problem
from chalicelib.entrypoints.report_query import DAYS_FAULTS, days
from chalicelib.entrypoints.requests import query_field, unknown_fields
from chalicelib.usecases.list_expectations import AskedExpectations

_KNOWN = ("from", "to", "kind", "standard", "limit", "after")


def asked_expectations(request: Request, today: date) -> AskedExpectations:
    """Read what is asked for; `today` is the brand's. Raises Problem, which names every field at fault."""
    faults: list[str] = []
    since, until = days(request, today, faults)
    errors = [FieldError((name,), mend) for name, mend in map(DAYS_FAULTS.__getitem__, faults)]
    kind = query_field(request, "kind")
    if kind and kind not in set(Kind):
        errors.append(FieldError(("kind",), f"must be one of: {', '.join(Kind)}"))
    limit, after = read_limit(request, errors), read_after(request, errors)
    known = f"is not known here; known are: {', '.join(_KNOWN)}"
    errors += [FieldError((name,), known) for name in unknown_fields(request, _KNOWN)]
    if errors:
        detail = "Ask with ?from=2026-11-01&to=2026-11-30; go on with what the answer says in `next_after`."
        raise Problem(422, "bad-fields", "Some fields are not right", detail, errors)
    standard = query_field(request, "standard") or None
    return AskedExpectations(since, until, Kind(kind) if kind else None, standard, limit, after)
