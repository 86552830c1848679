"""The promise report as a page for a manager: figures in words, and bars that say nothing which the words do not."""

import base64
import hashlib
from dataclasses import dataclass

from chalicelib.domain.figures import Figures
from chalicelib.domain.outcomes import Measure
from chalicelib.domain.reports import By, Group
from chalicelib.messages.given import clean
from chalicelib.messages.locales import resolve
from chalicelib.messages.numbers import Numbers
from chalicelib.messages.pages import STYLE
from chalicelib.messages.phrases import Phrases, phrases_among_colleagues
from chalicelib.messages.rendering import TEMPLATES, render
from chalicelib.messages.report_view import ReportView
from chalicelib.messages.views import Brand

_STYLE = STYLE + (TEMPLATES / "report.css").read_text(encoding="utf-8")
REPORT_CSP = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; img-src 'none'"
)

Rows = list[tuple[str, str]]
_PARTS = (("on-time", Measure.KEPT_ON_TIME), ("told", Measure.TOLD_BEFORE), ("untold", Measure.UNTOLD))


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a bar, in hundredths of its length."""

    name: str
    start: float
    length: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with what it shows in words."""

    words: str
    parts: list[Part]


@dataclass(frozen=True, slots=True)
class Line:
    """One group: its name, its team, its bar."""

    name: str
    bar: Bar
    team: str = ""


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
        faults=[say(f"report.fault.{name}") for name in view.faults],
        span=say("report.span", since=numbers.day(report.since), until=numbers.day(report.until)) if report else None,
        zone=say("report.zone", zone=view.brand.time_zone.key),
        total=_bar(report.total, say, numbers) if report and report.total.decided else None,
        sections=_sections(report.total, say, numbers) if report else [],
        rates=_rates(report.total, say, numbers) if report else [],
        groups_heading=say(f"report.groups.{report.by}") if report else "",
        groups=[_line(each, report.by, say, numbers) for each in report.groups] if report else [],
        legend=[(name, say(f"report.{measure}")) for name, measure in _PARTS],
    )


def report_key_page(locale_hint: str | None, brand: Brand, *, was_wrong: bool) -> str:
    """Return the form that asks for a read key before a report is shown."""
    tag = resolve(locale_hint, brand)
    say = phrases_among_colleagues(tag)
    title = say("page.title", what=say("report.title"), brand=clean(brand.name))
    return render(
        "report_key.html", style=_STYLE, tag=tag, say=say, brand=clean(brand.name), title=title, was_wrong=was_wrong
    )


def _bar(figures: Figures, say: Phrases, numbers: Numbers) -> Bar:
    counts = {name: figures.of(measure) for name, measure in _PARTS}
    words = say(
        "report.bar",
        on_time=numbers.whole(counts["on-time"]),
        told=numbers.whole(counts["told"]),
        untold=numbers.whole(counts["untold"]),
    )
    parts, start = [], 0.0
    for name, n in counts.items():
        length = round(100 * n / figures.decided, 2) if figures.decided else 0.0
        if length:
            parts.append(Part(name, round(start, 2), length))
        start += length
    return Bar(words, parts)


def _line(group: Group, by: By, say: Phrases, numbers: Numbers) -> Line:
    if group.ref is None:
        name = say(f"report.none.{by}")
    elif by is By.KIND:
        name = say(f"report.kind.{group.ref}")
    else:
        name = clean(group.name) or clean(group.ref)
    return Line(name, _bar(group.figures, say, numbers), clean(group.team))


def _rates(figures: Figures, say: Phrases, numbers: Numbers) -> list[tuple[str, str, Bar]]:
    """Return the recorded rate and the one that customers see, side by side: each in words and as a bar."""
    found = []
    for name, rate, n in (
        ("recorded", figures.kept_rate, figures.decided),
        ("perceived", figures.perceived_rate, figures.answers),
    ):
        words = say("report.rate", rate=numbers.percent(rate), all=numbers.whole(n)) if rate is not None else None
        words = words or say("report.rate.none")
        bar = Bar(words, [Part("on-time", 0.0, round(100 * rate, 2))] if rate else [])
        found.append((say(f"report.{name}"), words, bar))
    return found


def _sections(figures: Figures, say: Phrases, numbers: Numbers) -> list[tuple[str, str, Rows]]:
    """Return each section: its name, its heading, and its lines of label and number."""
    measures = {
        "words": ("given", "renewed", "kept_on_time", "kept_late", "told_before_it_broke", "broken_untold", "withdrawn",
                  "attempts"),
        "choices": ("stay", "cancel", "by_silence"),
        "concessions": ("concessions_granted", "concessions_redeemed"),
        "claims": ("claims_raised", "claims_ratified", "found_promised", "found_not_promised", "found_unclear"),
        "customers": ("perceived_yes", "perceived_partly", "perceived_no", "expectations_heard"),
    }  # fmt: skip
    found = {
        section: [(say(f"report.{each}"), numbers.whole(figures.of(Measure(each)))) for each in names]
        for section, names in measures.items()
    }
    hours = figures.warning_hours
    found["words"] += [
        (say("report.warning"), say("report.hours", hours=numbers.decimal(figures.warning_total_hours))),
        (say("report.warning.average"), say("report.hours", hours=numbers.decimal(hours)) if hours else "–"),
    ]
    for each in figures.amounts():
        for name in ("granted", "redeemed"):
            amount = numbers.money(each[name], each["currency"])
            found["concessions"].append((say(f"report.amount.{name}", currency=each["currency"]), amount))
    found["claims"].append((say("report.recurrences"), numbers.whole(figures.recurrences)))
    return [(section, say(f"report.heading.{section}"), rows) for section, rows in found.items()]
