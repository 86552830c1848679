"""View a report: what its page shows besides the numbers, in the language of whoever reads it."""

from datetime import datetime

from chalicelib.domain.reports import By, Report
from chalicelib.messages.locales import resolve
from chalicelib.messages.report_view import Heard
from chalicelib.usecases.list_expectations import AskedExpectations, list_expectations
from chalicelib.usecases.services import Services

# A screen of a phone; whoever wants all of them reads the list.
MOST_HEARD = 10


def names_of_standards(locale: str | None, report: Report, services: Services) -> dict[str, str]:
    """Return what the standards of a report are called in a language, by name and by `name@version`."""
    if report.by is not By.STANDARD:
        return {}
    labels = {group.ref for group in report.groups if group.ref}
    found = {label: _name(label, locale, services) for label in labels | {each.partition("@")[0] for each in labels}}
    return {label: name for label, name in found.items() if name}


def newest_heard(locale: str | None, report: Report, services: Services) -> tuple[Heard, ...]:
    """Return the newest of what customers had expected on the report's days. Raises StoreUnavailable."""
    asked = AskedExpectations(report.since, report.until, limit=MOST_HEARD)
    return tuple(
        Heard(
            datetime.fromisoformat(each["at"]), each["language"], each["text"],
            _name(each["standard"], locale, services) or each["standard"],
        )
        for each in list_expectations(asked, services)["expectations"]
    )  # fmt: skip


def _name(label: str | None, locale: str | None, services: Services) -> str | None:
    standard = services.rules.standards().find(label) if label else None
    text = standard.text(resolve(locale, services.rules.brand)) if standard else None
    return text.name if text else None
