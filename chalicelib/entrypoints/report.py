"""GET /v1/report: the promise report, as JSON for holders of a read key."""

import contextlib
import re
from datetime import date, timedelta
from typing import Any

from chalice.app import Blueprint, Request, Response

from chalicelib import bootstrap
from chalicelib.entrypoints.problems import FieldError, Problem, answers_problems
from chalicelib.entrypoints.read_keys import verify
from chalicelib.entrypoints.requests import query_field
from chalicelib.usecases.report import By, Report, report
from chalicelib.usecases.services import Services

reporting = Blueprint(__name__)

# A year with its leap day; longer ranges are asked for year by year.
MOST_DAYS = 366
# What is reported when no dates are given: the last thirty days, today included.
_USUAL_DAYS = 30


@reporting.route("/v1/report", methods=["GET"])
@answers_problems
def read() -> Response:
    services = bootstrap.services()
    request = reporting.current_request
    verify(request, services)
    found = report(*_asked(request, services), services)
    return Response(_json(found, services), headers={"Content-Type": "application/json", "Cache-Control": "no-store"})


def _asked(request: Request, services: Services) -> tuple[date, date, By]:
    """Return the dates and the breakdown that are asked for. Raises Problem, which names every field at fault."""
    errors: list[FieldError] = []
    today = services.system.now().astimezone(services.rules.brand.time_zone).date()
    until = _date(request, "to", today, errors)
    since = _date(request, "from", until - timedelta(days=_USUAL_DAYS - 1), errors)
    by = query_field(request, "by") or By.PROMISER
    if by not in set(By):
        errors.append(FieldError(("by",), f"must be one of: {', '.join(By)}"))
    if not errors and since > until:
        errors.append(FieldError(("from",), "must not be later than to"))
    if not errors and (until - since).days >= MOST_DAYS:
        errors.append(FieldError(("to",), f"must be at most {MOST_DAYS} days from from, both included"))
    if errors:
        detail = "Ask with ?from=2026-11-01&to=2026-11-30&by=promiser; both dates are included."
        raise Problem(422, "bad-fields", "Some fields are not right", detail, errors)
    return since, until, By(by)


def _date(request: Request, name: str, usual: date, errors: list[FieldError]) -> date:
    given = query_field(request, name)
    if not given:
        return usual
    # Of all that ISO 8601 allows, the one form that nobody misreads; and nothing was promised before this century.
    if re.fullmatch(r"20\d\d-\d\d-\d\d", given, re.ASCII):
        with contextlib.suppress(ValueError):
            return date.fromisoformat(given)
    errors.append(FieldError((name,), "must be a date such as 2026-11-24"))
    return usual


def _json(found: Report, services: Services) -> dict[str, Any]:
    return {
        "from": found.since.isoformat(),
        "to": found.until.isoformat(),
        "by": found.by.value,
        "time_zone": services.rules.brand.time_zone.key,
        "total": found.total.to_json(),
        "groups": [
            {"ref": each.ref, "name": each.name, "team": each.team, **each.figures.to_json()} for each in found.groups
        ],
    }
