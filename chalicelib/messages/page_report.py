"""The promise report as a page for a manager: figures in words, and bars that say nothing which the words do not."""

from dataclasses import dataclass

from chalicelib.domain.reports import By
from chalicelib.messages.given import clean
from chalicelib.messages.locales import resolve
from chalicelib.messages.numbers import Numbers
from chalicelib.messages.pages import STYLE, policy_for
from chalicelib.messages.phrases import phrases_among_colleagues
from chalicelib.messages.rendering import TEMPLATES, render
from chalicelib.messages.report_figures import PARTS, outcome, rates, sections
from chalicelib.messages.report_groups import lines
from chalicelib.messages.report_view import Heard, ReportView
from chalicelib.messages.views import Brand

_STYLE = STYLE + (TEMPLATES / "report.css").read_text(encoding="utf-8")
REPORT_CSP = policy_for(_STYLE)


@dataclass(frozen=True, slots=True)
class Words:
    """What one customer had expected, in their words and language, with when they said it and of what."""

    text: str
    language: str
    about: str


def report_page(view: ReportView) -> str:
    """Return the report as a page, or the form with what is wrong with the dates."""
    tag = resolve(view.locale, view.brand)
    say, numbers = phrases_among_colleagues(tag), Numbers(tag)
    report = view.report
    heading = say("report.title")
    return render(
        "report.html",
        style=_STYLE,
        tag=tag,
        say=say,
        brand=clean(view.brand.name),
        title=say("page.title", what=heading, brand=clean(view.brand.name)),
        given=view.given,
        breakdowns=[(by.value, say(f"report.by.{by}")) for by in By],
        faults=[
            *(say(f"report.fault.{name}") for name in view.faults),
            *(say("report.fault.unknown", name=clean(name)) for name in view.unknown),
        ],
        span=say("report.span", since=numbers.day(report.since), until=numbers.day(report.until)) if report else None,
        zone=say("report.zone", zone=view.brand.time_zone.key),
        total=outcome(report.total, say, numbers) if report and report.total.decided else None,
        sections=sections(report.total, say, numbers) if report else [],
        rates=rates(report.total, say, numbers) if report else [],
        groups_heading=say(f"report.groups.{report.by}") if report else "",
        groups=lines(report, view.names, say, numbers) if report else [],
        heard=[_words(each, view, numbers) for each in view.heard],
        legend=[(name, say(f"report.{measure}")) for name, measure in PARTS],
    )


def report_key_page(locale_hint: str | None, brand: Brand, *, was_wrong: bool) -> str:
    """Return the form that asks for a read key before a report is shown."""
    tag = resolve(locale_hint, brand)
    say = phrases_among_colleagues(tag)
    title = say("page.title", what=say("report.title"), brand=clean(brand.name))
    return render(
        "report_key.html", style=_STYLE, tag=tag, say=say, brand=clean(brand.name), title=title, was_wrong=was_wrong
    )


def _words(heard: Heard, view: ReportView, numbers: Numbers) -> Words:
    day = numbers.day(heard.at.astimezone(view.brand.time_zone).date())
    return Words(clean(heard.text), clean(heard.language), " · ".join(filter(None, (day, clean(heard.about)))))
