"""GET /v1/report: the promise report, as JSON for services and as a page for managers, who show their key in a form."""

import re
from dataclasses import replace
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlencode

from chalice.app import Blueprint, Request, Response

from chalicelib import bootstrap
from chalicelib.domain.reports import By, Group, Report
from chalicelib.entrypoints.html import html_page
from chalicelib.entrypoints.problems import answers_problems
from chalicelib.entrypoints.read_keys import is_read_key, opened_by_read_key, verify
from chalicelib.entrypoints.report_query import Asked, asked
from chalicelib.entrypoints.requests import query_field, query_fields, raw_bytes
from chalicelib.messages.report_view import ReportView
from chalicelib.security import report_sessions
from chalicelib.usecases.report import report
from chalicelib.usecases.services import Services
from chalicelib.usecases.view_report import names_of_standards, newest_heard

reporting = Blueprint(__name__)

_COOKIE = "kept_report"
# RFC 9110, 12.4.2. Of what Python calls a digit, "²" is none to float().
_WEIGHT = re.compile(r"[01](?:\.[0-9]{0,3})?")
_FORM = ["application/x-www-form-urlencoded"]


@reporting.route("/v1/report", methods=["GET"])
@answers_problems
def read() -> Response:
    services = bootstrap.services()
    request = reporting.current_request
    if _wants_page(request):
        return _page(request, services)
    verify(request, services)
    wanted = _asked(request, services)
    wanted.verify()
    found = report(wanted.since, wanted.until, wanted.by, services)
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
    return Response(_json(found, services), headers={**headers, "Vary": "Accept"})


@reporting.route("/v1/report", methods=["POST"], content_types=_FORM)
@answers_problems
def show_key() -> Response:
    """Take a read key from the form; the report itself is then a page that can be kept and reloaded."""
    services = bootstrap.services()
    request = reporting.current_request
    try:
        form = parse_qs(raw_bytes(request).decode("ascii"), max_num_fields=5)
    except ValueError:
        form = {}
    key = form.get("key", [""])[-1].strip()
    if not is_read_key(key, services):
        return _key_page(request, services, was_wrong=True)
    session = report_sessions.open_session(key, services.system.now())
    lasts = int(report_sessions.LASTS.total_seconds())
    query = urlencode({**query_fields(request), "format": "html"})
    headers: dict[str, str | list[str]] = {
        "Location": f"?{query}",
        "Set-Cookie": f"{_COOKIE}={session}; Max-Age={lasts}; HttpOnly; Secure; SameSite=Strict",
        "Cache-Control": "no-store",
    }
    return Response("", status_code=303, headers=headers)


def _page(request: Request, services: Services) -> Response:
    if not _is_let_in(request, services):
        return _key_page(request, services, was_wrong=False)
    wanted = _asked(request, services)
    found = report(wanted.since, wanted.until, wanted.by, services) if wanted.is_right else None
    given = {
        "from": query_field(request, "from") or wanted.since.isoformat(),
        "to": query_field(request, "to") or wanted.until.isoformat(),
        "by": wanted.by.value,
    }
    hint = request.headers.get("accept-language")
    view = ReportView(hint, services.rules.brand, given, found, wanted.faults, wanted.unknown)
    if found:
        names, heard = names_of_standards(hint, found, services), newest_heard(hint, found, services)
        view = replace(view, names=names, heard=heard)
    return _html(services.texts.report_page(view), 200 if wanted.is_right else 422, services)


def _key_page(request: Request, services: Services, *, was_wrong: bool) -> Response:
    hint = request.headers.get("accept-language")
    return _html(services.texts.report_key_page(hint, services.rules.brand, was_wrong=was_wrong), 401, services)


def _is_let_in(request: Request, services: Services) -> bool:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return is_read_key(key.strip(), services)
    try:
        cookie = SimpleCookie(request.headers.get("cookie", "")).get(_COOKIE)
    except CookieError:
        return False
    return cookie is not None and opened_by_read_key(cookie.value, services)


def _asked(request: Request, services: Services) -> Asked:
    return asked(request, services.system.now().astimezone(services.rules.brand.time_zone).date())


def _wants_page(request: Request) -> bool:
    """Tell whether a page is asked for: by name, or by an Accept that puts HTML before JSON (RFC 9110, 12.5.1)."""
    if form := query_field(request, "format"):
        return form.lower() == "html"
    weights: dict[str, float] = {}
    for each in request.headers.get("accept", "").lower().split(","):
        kind, *parameters = (part.strip() for part in each.split(";"))
        quality = next((part[2:] for part in parameters if part.startswith("q=")), "1")
        weights[kind] = float(quality) if _WEIGHT.fullmatch(quality) else 0.0
    return weights.get("text/html", 0.0) > weights.get("application/json", 0.0)


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
        "standards": [{"name": whole.ref, **whole.figures.to_json()} for whole in _sums(found)],
    }


def _sums(found: Report) -> list[Group]:
    """Return what each standard adds up to over its versions, in a report by standard."""
    return [whole for whole, _ in found.by_standard()] if found.by is By.STANDARD else []


def _html(html: str, status: int, services: Services) -> Response:
    return html_page(html, status, services.texts.REPORT_CSP, vary="Accept, Cookie")
